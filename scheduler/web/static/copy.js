// Improves what works without it: a button that copies the address beside it, and says that it did.
for (const field of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = field.dataset.copy;
  button.addEventListener("click", async () => {
    field.select();
    const said = document.getElementById("spoken");
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = field.dataset.copied;
      button.textContent = field.dataset.copied;
    } catch {
      said.textContent = field.dataset.selected;
    }
  });
  field.after(button);
}
