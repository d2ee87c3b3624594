// What a page can do more where scripts run. Everything that it says is there without.

// A chart that somebody turns to becomes one that answers: the library is fetched then, and not before.
const script = document.currentScript as HTMLScriptElement;
let asked = false;
const ask = () => {
  if (asked) return;
  asked = true;
  const chart = document.createElement("script");
  chart.src = script.dataset.chart!;
  document.head.append(chart);
};
for (const figure of document.querySelectorAll("figure.trend")) {
  for (const sign of ["pointerenter", "focusin", "touchstart"]) figure.addEventListener(sign, ask, { once: true, passive: true });
}

// Days that nobody changed are not sent, so that "the newest 7 days" stays that in an address that is kept.
document.querySelector<HTMLFormElement>("form.controls:has(input[name=days])")?.addEventListener("formdata", (e) => {
  const dates = [...(e.target as HTMLFormElement).querySelectorAll<HTMLInputElement>("input[type=date]")];
  if (dates.every((d) => d.value === d.defaultValue)) dates.forEach((d) => e.formData.delete(d.name));
});

// Ctrl+Enter asks, as in every other place where one writes SQL.
document.querySelector<HTMLTextAreaElement>("textarea[name=sql]")?.addEventListener("keydown", (e) => {
  if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) (e.target as HTMLTextAreaElement).form!.requestSubmit();
});
