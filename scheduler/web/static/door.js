// Improves what works without it: counts down to the opening of a room, and loads the page then.
// It counts from when the page came, so that a wrong clock does no harm.
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
}
