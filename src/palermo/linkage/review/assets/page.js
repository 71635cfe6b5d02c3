
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
// Answers wait under a name made of this sample, so that another page does not take them for its own.
const sample = data.pairs.map((pair) => [pair.left.list, pair.left.record_id, pair.right.list, pair.right.record_id].join("\u001f"));
let hash = 2166136261;
for (const one of sample.join("\u001e") + data.clerk) hash = Math.imul(hash ^ one.codePointAt(0), 16777619) >>> 0;
const store = "palermo-review-" + hash.toString(16) + "-" + data.pairs.length;
let answers = [];

try {
  const kept = JSON.parse(localStorage.getItem(store) || "[]");
  const known = ["same", "different", "unsure"];
  if (Array.isArray(kept) && kept.length <= data.pairs.length && kept.every((one) => known.includes(one))) answers = kept;
} catch (error) {
  byId("progress").textContent = "This browser keeps nothing: save often.";
}

function keep() {
  try { localStorage.setItem(store, JSON.stringify(answers)); } catch (error) { /* told at the start */ }
}

function cell(tag, text, scope) {
  const made = document.createElement(tag);
  const isolated = document.createElement("bdi");  // names in scripts that run from right to left
  isolated.textContent = text;
  made.append(isolated);
  if (scope) made.scope = scope;
  return made;
}

function show() {
  const number = answers.length;
  const pair = data.pairs[number];
  byId("progress").textContent = number + " answered, " + (data.pairs.length - number) + " to go.";
  byId("finished").hidden = Boolean(pair);
  document.querySelector("table").hidden = !pair;
  for (const button of document.querySelectorAll("[data-answer]")) button.disabled = !pair;
  byId("back").disabled = number === 0;
  byId("lines").replaceChildren();
  if (!pair) return;
  byId("caption").textContent = "Pair " + (number + 1) + " of " + data.pairs.length;
  for (const side of ["left", "right"]) byId(side).textContent = pair[side].list + " " + pair[side].record_id;
  for (const line of pair.lines) {
    const row = document.createElement("tr");
    row.append(cell("th", line.field, "row"), cell("td", line.left), cell("td", line.right), cell("td", line.words));
    byId("lines").append(row);
  }
}

function answer(value) {
  if (answers.length < data.pairs.length) answers.push(value);
  keep();
  show();
}

function back() {
  answers.pop();
  keep();
  show();
}

function save() {
  const lines = answers.map((value, number) => {
    const pair = data.pairs[number];
    return JSON.stringify({ answer: value, band: pair.band, clerk: data.clerk, left: pair.left, right: pair.right, source: data.source });
  });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([lines.join("\n") + "\n"], { type: "application/jsonl" }));
  link.download = "answers.jsonl";
  link.click();
  URL.revokeObjectURL(link.href);
}

for (const button of document.querySelectorAll("[data-answer]")) button.addEventListener("click", () => answer(button.dataset.answer));
byId("back").addEventListener("click", back);
byId("save").addEventListener("click", save);
byId("forget").addEventListener("click", () => {
  if (!confirm("Forget all answers of this page that are not saved as a file?")) return;
  answers = [];
  try { localStorage.removeItem(store); } catch (error) { /* nothing was kept */ }
  show();
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const keys = { s: "same", d: "different", u: "unsure" };
  const key = event.key.toLowerCase();
  if (keys[key]) answer(keys[key]);
  if (key === "b") back();
});
window.addEventListener("beforeunload", (event) => { if (answers.length) event.preventDefault(); });
show();
