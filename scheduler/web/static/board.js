// Moves a session on the board: by keys and by dragging. What may be is asked of the server, a whole week
// at once, and judged there; a drop leads to the page that shows what it does, and changes nothing itself.
const STEP = 5;
const FAR = 6;
const board = document.querySelector(".board[data-first]");
const panel = document.getElementById("lift");
const spoken = document.getElementById("spoken");
const first = Number(board?.dataset.first);
let held = null;
let drag = null;

const say = (words) => { spoken.textContent = words; };
const place = (day, at) => `${day} ${at}`;
const ghostAt = () => held.places.get(place(held.column.dataset.day, held.at));
const rowOf = (minute) => Math.floor((minute - first) / STEP);

const show = (words, places = []) => {
  panel.hidden = !words;
  panel.firstElementChild.textContent = words;
  const links = places.map((open) => {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.className = "button";
    link.href = open.href;
    link.textContent = open.words;
    line.append(link);
    return line;
  });
  panel.lastElementChild.replaceChildren(...links);
};

const ask = async (block, minutes, day) => {
  const address = new URL(block.dataset.lift, location.href);
  address.searchParams.set("week", day);
  address.searchParams.set("minutes", minutes);
  address.searchParams.set("first", first);
  address.searchParams.set("last", first + Number(board.dataset.rows) * STEP);
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
};

const light = () => {
  for (const lit of board.querySelectorAll(".lit")) lit.remove();
  for (const column of held.columns) {
    for (const open of held.places.values()) {
      if (open.day !== column.dataset.day || !open.href) continue;
      const row = rowOf(open.at);
      if (row < 0 || row >= Number(board.dataset.rows)) continue;
      const lit = document.createElement("li");
      lit.className = `lit r${row} n${held.step / STEP}`;
      lit.setAttribute("aria-hidden", "true");
      column.append(lit);
    }
  }
};

const move = () => {
  const found = ghostAt();
  const why = found && !held.drag?.pull ? found.why : "";
  const state = why || !found ? "shut" : "open";
  const length = `${held.minutes} ${board.dataset.minutesWords}`;
  const said = held.drag?.pull ? length : why || board.dataset.free;
  held.ghost.className = `block ghost wide r${rowOf(held.at)} n${Math.ceil(held.minutes / STEP)} ${state}`;
  held.ghost.textContent = found ? found.words : "";
  held.column.append(held.ghost);
  held.ghost.scrollIntoView({ block: "nearest", inline: "nearest" });
  show(found ? `${found.words}: ${said}` : "");
  say(found ? `${found.words}, ${length}. ${said}` : "");
};

const leave = (words, places) => {
  for (const lit of board.querySelectorAll(".lit")) lit.remove();
  held.ghost.remove();
  held.block.classList.remove("lifted");
  held.block.focus();
  held = null;
  show(words, places);
  say([words, ...(places ?? []).map((open) => open.words)].join(" "));
};

const load = async () => {
  const mine = held;
  const week = await ask(mine.block, mine.minutes, mine.from.day);
  if (held !== mine) return false;
  mine.step = week.step;
  mine.places = new Map(week.places.map((open) => [place(open.day, open.at), open]));
  light();
  return true;
};

const lift = async (block, byHand = null) => {
  const column = block.closest("ul");
  const columns = [...board.querySelectorAll("ul.slots")].filter((other) => other.dataset.of === column.dataset.of);
  const minutes = Number(block.dataset.minutes);
  const at = Number(block.dataset.at);
  held = { block, column, columns, minutes, at, ghost: document.createElement("li"), places: new Map(), step: 15, drag: byHand, from: { day: column.dataset.day, at, minutes } };
  held.ghost.setAttribute("aria-hidden", "true");
  block.classList.add("lifted");
  try {
    if (!await load()) return;
  } catch {
    if (held) leave(board.dataset.lost);
    return;
  }
  if (held.droppedAt) {
    follow(held.droppedAt);
    drop();
    return;
  }
  move();
  say(`${board.dataset.lifted}: ${block.dataset.title}. ${ghostAt()?.words ?? ""}`);
};

// The three nearest that are choices: an hour apart or on other days, as long as there are so many.
const nearest = () => {
  const minuteOf = (day, at) => new Date(`${day}T00:00Z`).getTime() / 60000 + at;
  const wished = minuteOf(held.column.dataset.day, held.at);
  const away = (open) => Math.abs(minuteOf(open.day, open.at) - wished);
  const free = [...held.places.values()].filter((open) => open.href).sort((one, other) => away(one) - away(other));
  const chosen = [];
  for (const open of free) {
    const isBeside = chosen.some((other) => other.day === open.day && Math.abs(other.at - open.at) < 60);
    if (!isBeside) chosen.push(open);
  }
  const others = free.filter((open) => !chosen.includes(open));
  return [...chosen, ...others].slice(0, 3);
};

const drop = () => {
  const isBack = held.column.dataset.day === held.from.day && held.at === held.from.at && held.minutes === held.from.minutes;
  if (isBack) return leave(board.dataset.nothing);
  const found = ghostAt();
  if (found?.href) {
    location.assign(found.href);
    return leave("");
  }
  const instead = nearest();
  const offer = instead.length ? `${board.dataset.nearest}:` : board.dataset.nowhere;
  leave(`${board.dataset.refused} ${found?.why ?? ""} ${offer}`, instead);
};

// Another length is judged by the page that shows it: these places were asked for the old one.
const look = () => {
  if (held.minutes === held.from.minutes) return leave(board.dataset.nothing);
  const clock = `${String(Math.floor(held.at / 60)).padStart(2, "0")}:${String(held.at % 60).padStart(2, "0")}`;
  const asked = new URLSearchParams({ deed: "move", day: held.from.day, at: clock, minutes: held.minutes });
  location.assign(`${held.block.dataset.look}?${asked}`);
  leave("");
};

const step = (days, minutes) => {
  const next = held.columns[held.columns.indexOf(held.column) + days];
  const last = first + Number(board.dataset.rows) * STEP - held.step;
  if (next) held.column = next;
  held.at = Math.min(Math.max(held.at + minutes, first), last);
  move();
};

const stretch = async (minutes) => {
  held.minutes = Math.min(Math.max(held.minutes + minutes, 10), 480);
  try {
    if (await load()) move();
  } catch {
    if (held) leave(board.dataset.lost);
  }
};

const KEYS = new Map([
  ["ArrowUp", () => step(0, -held.step)],
  ["ArrowDown", () => step(0, held.step)],
  ["ArrowLeft", () => step(-1, 0)],
  ["ArrowRight", () => step(1, 0)],
  ["Enter", drop],
  ["Escape", () => leave(board.dataset.nothing)],
]);
const LENGTHS = new Map([["ArrowUp", -STEP], ["ArrowDown", STEP]]);

const pressed = (event) => {
  const block = event.target;
  if (!held) {
    if (event.key === "Escape" && block.closest?.(".block")) document.activeElement.blur();
    if (event.key !== "Enter" || !block.dataset?.lift) return;
    event.preventDefault();
    show("");
    lift(block);
    return;
  }
  const length = event.shiftKey && LENGTHS.get(event.key);
  const key = KEYS.get(event.key);
  if (!length && !key) return;
  event.preventDefault();
  if (length) stretch(length);
  else if (held.places.size || event.key === "Escape") key();
};

// Dragging: mouse and pen at once, a finger once the block has been tapped, so that it scrolls otherwise.
const taken = (event) => {
  const block = event.target.closest("[data-lift]");
  if (!block || event.button || held || event.target.closest(".more")) return;
  if (event.pointerType === "touch" && document.activeElement !== block) return;
  const pull = event.target.classList.contains("pull");
  drag = { block, pull, x: event.clientX, y: event.clientY, grip: event.clientY - block.getBoundingClientRect().top, id: event.pointerId };
};
const under = (event) => {
  const column = held.columns.find((other) => {
    const box = other.getBoundingClientRect();
    return box.left <= event.clientX && event.clientX < box.right;
  });
  const box = (column ?? held.column).getBoundingClientRect();
  const row = (event.clientY - held.drag.grip - box.top) / (box.height / Number(board.dataset.rows));
  const at = first + Math.round(row * STEP / held.step) * held.step;
  return [column ?? held.column, at];
};
const follow = (event) => {
  if (held.drag.pull) {
    const box = held.column.getBoundingClientRect();
    const rows = Math.round((event.clientY - held.drag.y) / (box.height / Number(board.dataset.rows)));
    held.minutes = Math.min(Math.max(held.from.minutes + rows * STEP, 10), 480);
    move();
  } else if (held.places.size) {
    const [column, at] = under(event);
    held.column = column;
    step(0, at - held.at);
  }
};
const dragged = (event) => {
  if (!drag || event.pointerId !== drag.id) return;
  if (!held) {
    if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR) return;
    drag.block.setPointerCapture(drag.id);
    lift(drag.block, drag);
  }
  event.preventDefault();
  if (held) follow(event);
};
const stop = (click) => click.preventDefault();
const dropped = (event) => {
  const was = drag;
  drag = null;
  if (!was || !held) return;
  addEventListener("click", stop, { capture: true });
  setTimeout(() => removeEventListener("click", stop, { capture: true }));
  if (event.type === "pointercancel") leave(board.dataset.nothing);
  else if (was.pull) look();
  else if (held.places.size) drop();
  else held.droppedAt = event;
};

if (board) {
  board.addEventListener("keydown", pressed);
  board.addEventListener("pointerdown", taken);
  board.addEventListener("pointermove", dragged);
  board.addEventListener("pointerup", dropped);
  board.addEventListener("pointercancel", dropped);
  board.addEventListener("dragstart", (event) => event.preventDefault());
  for (const block of board.querySelectorAll("[data-lift]")) block.setAttribute("aria-describedby", "keys");
  board.closest("main").classList.add("moves");
}
