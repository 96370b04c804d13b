// Improves what works without it: counts down to the opening of a room, loads the page then, and
// goes in by itself. It counts from when the page came, so that a wrong clock does no harm.
const waiting = document.querySelector("[data-opens-in]");
if (waiting) {
  const { opensIn, againIn, door } = waiting.dataset;
  const shown = waiting.querySelector("[role=timer]");
  const came = performance.now();
  const tick = () => {
    const passed = (performance.now() - came) / 1000;
    const left = Math.max(0, Math.ceil(opensIn - passed));
    const parts = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
    if (!parts[0]) parts.shift();
    shown.textContent = parts.map((part, place) => String(part).padStart(place ? 2 : 1, "0")).join(":");
    if (passed >= againIn) location.replace(door);
    else setTimeout(tick, 1000);
  };
  waiting.hidden = false;
  tick();
  // A phone that slept has stopped counting: what is true now is asked when it wakes.
  addEventListener("pageshow", (event) => event.persisted && location.replace(door));
  let hidden = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hidden = Date.now();
    else if (Date.now() - hidden > 30000) location.replace(door);
  });
}
// Whoever comes back from the room by the browser's button stays where they are.
const [entry] = performance.getEntriesByType("navigation");
const isComing = !document.hidden && entry?.type !== "back_forward";
const form = document.querySelector("form[data-goes-in]");
if (form && isComing) form.requestSubmit();
const room = document.querySelector("a[data-room]");
if (room && isComing) setTimeout(() => location.assign(room.href), 1500);
// The way in is short-lived: whoever takes it late is given another first.
const handed = Date.now();
const again = document.querySelector("form[data-again]");
if (room && again) {
  room.addEventListener("click", (event) => {
    if (Date.now() - handed < 45000) return;
    event.preventDefault();
    again.requestSubmit();
  });
}
