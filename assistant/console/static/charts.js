// Draws each chart from the table beside it: what stands in the table is all there is.
"use strict";

(() => {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const palette = [0, 1, 2, 3, 4, 5, 6].map((number) => colour(`--series-${number}`));
  const soft = colour("--soft");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  function read(table) {
    const names = [...table.querySelectorAll("thead th[data-drawn]")].map((head) => head.textContent.trim());
    const rows = [...table.querySelectorAll("tbody tr")];
    return {
      categories: rows.map((row) => row.querySelector("th").textContent.trim()),
      series: names.map((name, at) => ({
        name,
        values: rows.map((row) => Number(row.querySelectorAll("td[data-value]")[at].dataset.value)),
      })),
    };
  }

  function option(shape, { categories, series }) {
    const lies = shape === "across";
    const text = { color: soft, fontFamily: style.fontFamily };
    const names = { type: "category", data: categories, axisTick: { show: false }, axisLabel: text, inverse: lies };
    const numbers = { type: "value", minInterval: 1, axisLabel: text, ...(lies ? { max: 100 } : {}) };
    const many = categories.length > 12;
    return {
      animation: !still,
      color: palette,
      textStyle: text,
      // patterns beside colours, for who does not tell colours apart
      aria: { enabled: true, label: { enabled: false }, decal: { show: series.length > 1 } },
      grid: { left: 6, right: 24, top: 20, bottom: 6, containLabel: true },
      xAxis: lies ? numbers : names,
      yAxis: lies ? names : numbers,
      series: series.map(({ name, values }) => ({
        type: "bar",
        name,
        data: values,
        stack: shape === "stack" ? "all" : undefined,
        barMaxWidth: 34,
        label: {
          show: !many,
          position: shape === "stack" ? "inside" : lies ? "right" : "top",
          formatter: ({ value }) => (value ? (lies ? `${value}%` : String(value)) : ""),
        },
        labelLayout: { hideOverlap: true },
      })),
    };
  }

  const drawn = [];
  for (const chart of document.querySelectorAll("[data-chart]")) {
    const picture = chart.querySelector(".picture");
    if (!picture) continue;
    const made = echarts.init(picture);
    made.setOption(option(chart.dataset.chart, read(chart.querySelector("table"))));
    drawn.push(made);
  }
  addEventListener("resize", () => drawn.forEach((made) => made.resize()));
  document.documentElement.dataset.drawn = String(drawn.length);
})();
