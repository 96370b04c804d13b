// A double click sends a form once; the server would refuse the second anyway.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    const busy = event.submitter?.dataset.busy;
    if (busy) document.getElementById("spoken").textContent = busy;
  });
}
addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });
