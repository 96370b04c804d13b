// Tries camera, microphone, speakers and connection, here alone: nothing is recorded or sent. The words
// are on the page already; this shows the ones that are true.
const HEARD = 0.02;
const LISTENS = 8000;
const LOOKS = 20000;
const WAITS = 8000;
const page = document.querySelector("[data-check]");

const say = (part, word) => {
  const step = page.querySelector(`[data-part="${part}"]`);
  for (const line of step.querySelectorAll("[data-when]")) line.hidden = line.dataset.when !== word;
  const field = document.querySelector(`input[name="${part}"]`);
  if (field) field.value = word === "works" ? "works" : word === "trying" ? "untried" : "fails";
};

const why = (error) => {
  if (error.name === "NotAllowedError" || error.name === "SecurityError") return "denied";
  if (error.name === "NotFoundError" || error.name === "OverconstrainedError") return "missing";
  return "fails";
};

let stream = null;
const stop = () => {
  if (stream) for (const track of stream.getTracks()) track.stop();
  stream = null;
};

const camera = async (step) => {
  const picture = step.querySelector("video");
  stop();
  say("camera", "trying");
  try {
    const mine = (stream = await navigator.mediaDevices.getUserMedia({ video: true }));
    picture.srcObject = mine;
    picture.hidden = false;
    await picture.play();
    say("camera", picture.videoWidth ? "works" : "fails");
    setTimeout(() => {
      for (const track of mine.getTracks()) track.stop();
      picture.hidden = true;
    }, LOOKS);
  } catch (error) {
    picture.hidden = true;
    say("camera", why(error));
  }
};

const microphone = async (step) => {
  const meter = step.querySelector("meter");
  stop();
  say("microphone", "trying");
  try {
    const mine = (stream = await navigator.mediaDevices.getUserMedia({ audio: true }));
    const context = new AudioContext();
    const ear = context.createAnalyser();
    context.createMediaStreamSource(mine).connect(ear);
    const samples = new Float32Array(ear.fftSize);
    const began = performance.now();
    let heard = false;
    meter.hidden = false;
    const listen = () => {
      ear.getFloatTimeDomainData(samples);
      const level = Math.max(...samples.map(Math.abs));
      meter.value = Math.min(1, level * 2);
      if (level > HEARD && !heard) {
        heard = true;
        say("microphone", "works");
      }
      if (performance.now() - began < LISTENS) return setTimeout(listen, 50);
      for (const track of mine.getTracks()) track.stop();
      context.close();
      meter.hidden = true;
      if (!heard) say("microphone", "silent");
    };
    listen();
  } catch (error) {
    meter.hidden = true;
    say("microphone", why(error));
  }
};

const speakers = (step) => {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const loudness = context.createGain();
  loudness.gain.value = 0.2;
  tone.frequency.value = 523;
  tone.connect(loudness).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 1.5);
  tone.onended = () => context.close();
  say("speakers", "trying");
  step.querySelector("[data-asks]").hidden = false;
};

const connection = async (step) => {
  say("connection", "trying");
  const reached = async (host) => {
    try {
      await fetch(host, { mode: "no-cors", cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(WAITS) });
      return true;
    } catch {
      return false;
    }
  };
  const answers = await Promise.all(step.dataset.hosts.split(" ").map(reached));
  say("connection", answers.every(Boolean) ? "works" : "fails");
};

const tries = { camera, microphone, speakers, connection };

if (page) {
  const knows = Boolean(navigator.mediaDevices?.getUserMedia && window.AudioContext && window.RTCPeerConnection && window.AbortSignal?.timeout);
  say("browser", knows ? "works" : "fails");
  for (const line of document.querySelectorAll("[data-without]")) line.hidden = true;
  if (knows) {
    for (const step of page.querySelectorAll("[data-part]")) {
      const button = step.querySelector("[data-try]");
      if (!button) continue;
      button.hidden = false;
      button.addEventListener("click", () => tries[step.dataset.part](step));
      for (const answer of step.querySelectorAll("[data-answer]")) {
        answer.addEventListener("click", () => {
          step.querySelector("[data-asks]").hidden = true;
          say(step.dataset.part, answer.dataset.answer);
        });
      }
    }
  }
  addEventListener("pagehide", stop);
}
