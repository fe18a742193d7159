// SPDX-License-Identifier: Apache-2.0
// Shows the links anew on an open page when they stand otherwise than when it was made (`alarm.js` asks).

addEventListener("links", async ({ detail }) => {
  const shown = document.getElementById("contacts");
  if (!shown || shown.dataset.mark === detail) return;
  shown.dataset.mark = detail; // asked for once, also where it fails
  try {
    const answer = await fetch("/links", { headers: { accept: "text/html" }, cache: "no-store" });
    if (!answer.ok) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("contacts");
    if (found) shown.replaceWith(document.adoptNode(found));
  } catch {
    delete shown.dataset.mark; // the desk cannot be reached just now: asked again
  }
});
