// Improves what works without it: what was shown for another choice goes when the choice changes.
for (const form of document.querySelectorAll("form[data-looks]")) {
  form.addEventListener("change", () => {
    document.getElementById(form.dataset.looks).hidden = true;
  });
}
