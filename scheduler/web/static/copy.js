// Improves what works without it: a button that copies the address beside it, and says that it did.
for (const field of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy the address";
  button.addEventListener("click", async () => {
    field.select();
    const said = document.getElementById("spoken");
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "The address is copied.";
      button.textContent = "Copied";
    } catch {
      said.textContent = "The address is selected: copy it with your keyboard.";
    }
  });
  field.after(button);
}
