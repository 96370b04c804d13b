// Improves what works without it: when a choice changes, what follows from it is shown at once.
for (const form of document.querySelectorAll("form[data-looks]")) {
  const button = form.querySelector("[data-look]");
  let asked = 0;
  form.addEventListener("change", async () => {
    const mine = ++asked;
    const shown = document.getElementById(form.dataset.looks);
    shown.hidden = true;
    const answer = await fetch(button.formAction, { method: "POST", body: new FormData(form) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(form.dataset.looks);
    if (mine !== asked || !fresh) return;
    shown.replaceChildren(...fresh.childNodes);
    shown.hidden = false;
  });
  button.hidden = true;
}
