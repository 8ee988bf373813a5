// Keeps what is being typed in this browser, per person and conversation, until it is sent: also when the session ends
// or another conversation is opened. Whoever else uses the browser finds none of it: their first page removes it.
"use strict";

const DRAFT = "kabar-draft-";
const DRAFTS_LAST = 7 * 24 * 3600 * 1000;
const { user } = document.body.dataset;

const draftKey = (text) => `${DRAFT}${user}-${text.dataset.draft}`;

function keepDraft(text) {
  if (text.value.trim()) localStorage.setItem(draftKey(text), JSON.stringify({ text: text.value, at: Date.now() }));
  else localStorage.removeItem(draftKey(text));
}

function fillDrafts() {
  for (const text of document.querySelectorAll("textarea[data-draft]")) {
    const kept = localStorage.getItem(draftKey(text));
    if (kept && !text.value) text.value = JSON.parse(kept).text;
  }
}

function removeDrafts(isGone) {
  for (const key of Object.keys(localStorage)) if (key.startsWith(DRAFT) && isGone(key)) localStorage.removeItem(key);
}

if (user) {
  removeDrafts((key) => !key.startsWith(`${DRAFT}${user}-`) || Date.now() - JSON.parse(localStorage.getItem(key)).at > DRAFTS_LAST);
  fillDrafts();
  document.addEventListener("input", (event) => { if (event.target.matches("textarea[data-draft]")) keepDraft(event.target); });
  // The part of a page that is drawn anew, as when a conversation is taken over, has empty fields.
  const thread = document.getElementById("thread");
  if (thread) new MutationObserver(fillDrafts).observe(thread, { childList: true, subtree: true });
}
