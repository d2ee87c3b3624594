// Charts that answer: the values of a day under the pointer, and a closer look with the wheel or two fingers. They are made of the
// table below the drawing, so that they say what it says, in its words.
import { AriaComponent, DataZoomInsideComponent, GridComponent, LineChart, MarkLineComponent, SVGRenderer, TooltipComponent, init, use } from "../vendor/echarts.js";

use([AriaComponent, DataZoomInsideComponent, GridComponent, LineChart, MarkLineComponent, SVGRenderer, TooltipComponent]);

interface Shown { days: string[]; names: string[]; values: (number | null)[][]; texts: string[][]; marks: [number, string][] }

/** The table of a figure, oldest day first. */
function read(figure: Element): Shown {
  const heads = [...figure.querySelectorAll("thead th.n")].map((th) => th.textContent!);
  const rows = [...figure.querySelectorAll("tbody tr")].reverse();
  const shown: Shown = { days: [], names: heads, values: heads.map(() => []), texts: heads.map(() => []), marks: [] };
  rows.forEach((row, i) => {
    shown.days.push(row.querySelector("th")!.textContent!);
    row.querySelectorAll("td.n").forEach((cell, n) => {
      const data = cell.querySelector("data");
      shown.values[n].push(data ? Number(data.value) : null);
      shown.texts[n].push(data ? data.textContent! : "–");
    });
    const mark = row.querySelector("td.mark")?.textContent;
    if (mark) shown.marks.push([i, mark]);
  });
  return shown;
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
}

function options(shown: Shown, figure: HTMLElement) {
  const soft = colour("soft"), line = colour("line"), ink = colour("ink");
  const text = { color: soft, fontSize: 12, fontFamily: "inherit" };
  const short = (day: string) => day.split(" ").slice(1, 3).join(" ");
  const ticks: [number, string][] = JSON.parse(figure.dataset.ticks!);
  const low = ticks[0][0], step = ticks[1][0] - low;
  const limit = Number(figure.dataset.limit);
  const marks: object[] = shown.marks.map(([i, name]) => ({
    xAxis: i, label: { formatter: name, color: ink, position: "end" }, lineStyle: { color: soft, type: "dashed", width: 1 },
  }));
  if (limit) marks.push({ yAxis: limit, label: { formatter: figure.dataset.limitName, color: colour("bad"), position: "insideStartTop" }, lineStyle: { color: colour("bad"), type: "dashed" } });
  return {
    aria: { enabled: true }, animation: false,
    grid: { left: 52, right: 24, top: 28, bottom: 26 },
    xAxis: { type: "category", data: shown.days, boundaryGap: false, axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { ...text, formatter: short, hideOverlap: true } },
    // The axis of the drawing: nothing moves when the chart takes its place.
    yAxis: { type: "value", min: low, max: ticks.at(-1)![0], interval: step, splitLine: { lineStyle: { color: line } }, axisLabel: { ...text, formatter: (v: number) => ticks[Math.round((v - low) / step)]?.[1] ?? "" } },
    tooltip: {
      trigger: "axis", renderMode: "richText", backgroundColor: colour("surface"), borderColor: line, textStyle: { color: ink, fontSize: 13 },
      axisPointer: { lineStyle: { color: soft, type: "solid" } }, // a dashed line is a release
      formatter: (at: { dataIndex: number; seriesIndex: number; marker: string }[]) => shown.days[at[0].dataIndex] + at.map((p) => `\n${p.marker} ${shown.names[p.seriesIndex]}  ${shown.texts[p.seriesIndex][p.dataIndex]}`).join(""),
    },
    dataZoom: [{ type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false }],
    series: shown.names.map((name, n) => ({
      type: "line", name, data: shown.values[n], symbol: "circle", symbolSize: 6, showSymbol: shown.days.length <= 45, lineStyle: { width: 2 },
      itemStyle: { color: colour("s" + (n % 6)) },
      markLine: n === 0 ? { symbol: "none", silent: true, data: marks } : undefined,
    })),
  };
}

function enliven(figure: HTMLElement) {
  const drawing = [...figure.querySelectorAll<SVGElement>("svg.chart")].find((svg) => svg.getBoundingClientRect().height > 0);
  if (!drawing) return;
  const shown = read(figure);
  const box = document.createElement("div");
  box.className = "live";
  box.style.height = drawing.getBoundingClientRect().height + "px";
  figure.prepend(box);
  figure.classList.add("lively");
  const chart = init(box, null, { renderer: "svg" });
  const draw = () => chart.setOption(options(shown, figure), true);
  draw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  new ResizeObserver(() => chart.resize()).observe(box);
}

document.querySelectorAll<HTMLElement>("figure.trend").forEach(enliven);
