// Lets a passkey answer the form that asks for one. Without this script, and in browsers without
// passkeys, the page says the other way.
const form = document.querySelector("form[data-passkey]");
const said = document.getElementById("passkey-said");
const octets = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
const ask = async (isNew) => {
  const asked = JSON.parse(form.dataset.options);
  asked.challenge = octets(asked.challenge);
  if (!isNew) return navigator.credentials.get({ publicKey: asked });
  asked.user.id = octets(asked.user.id);
  for (const known of asked.excludeCredentials) known.id = octets(known.id);
  return navigator.credentials.create({ publicKey: asked });
};
const answered = (credential) => {
  const told = parts.filter((part) => credential.response[part]);
  const response = Object.fromEntries(told.map((part) => [part, text(credential.response[part])]));
  const { id, type } = credential;
  return JSON.stringify({ id, rawId: id, type, response });
};
const bring = async (isQuiet) => {
  try {
    const credential = await ask(form.dataset.passkey === "new");
    form.elements.credential.value = answered(credential);
    form.requestSubmit();
  } catch (error) {
    if (!isQuiet) said.textContent = form.dataset.nothing;
  }
};
if (form && !window.PublicKeyCredential) {
  said.textContent = form.dataset.cannot;
} else if (form) {
  form.addEventListener("submit", (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    said.textContent = "";
    bring(false);
  });
  // Who came here by the link wants it now; who comes back by the browser's button does not.
  const [entry] = performance.getEntriesByType("navigation");
  const isComing = !document.hidden && entry?.type === "navigate";
  if (isComing && form.hasAttribute("data-at-once")) bring(true);
}
