// SPDX-License-Identifier: Apache-2.0
// The third calendar, for display only: the browser knows the Hijri calendar (Umm al-Qura) and writes it beside the two
// that the server prints. Nothing is computed from it and nothing is stored; without script the two others stand alone.

const language = document.documentElement.lang || "en";

function hijri(day, style) {
  const locale = `${language}-u-ca-islamic-umalqura-nu-${language === "fa" ? "arabext" : "latn"}`;
  const format = new Intl.DateTimeFormat(locale, { dateStyle: style, timeZone: "UTC" });
  return format.resolvedOptions().calendar === "islamic-umalqura" ? format.format(day) : "";
}

for (const time of document.querySelectorAll("time[datetime]")) {
  const day = new Date(`${time.getAttribute("datetime").slice(0, 10)}T12:00:00Z`);
  if (Number.isNaN(day.getTime())) continue;
  const shown = hijri(day, "long");
  if (!shown) break;
  if (time.hasAttribute("data-third")) {
    const third = document.createElement("span");
    third.className = "third";
    third.textContent = shown;
    time.parentElement.append(" ", third);
  } else if (time.title) {
    time.title += ` · ${shown}`;
  }
}
