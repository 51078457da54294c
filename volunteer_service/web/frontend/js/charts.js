// Draws each [data-chart] from its own table and folds the table; without script the table stays.
import { BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, Tooltip } from "chart.js";

Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale, Tooltip);

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function read(table) {
  const rows = Array.from(table.tBodies[0].rows);
  const heads = Array.from(table.tHead.rows[0].cells).slice(1).map((cell) => cell.textContent.trim());
  return {
    labels: rows.map((row) => row.cells[0].textContent.trim()),
    series: heads.map((label, n) => ({ label, cells: rows.map((row) => row.cells[n + 1]) })),
  };
}

function dataset({ label, cells }, n) {
  const colours = [token("--brand"), token("--star"), token("--info")];
  return {
    label,
    data: cells.map((cell) => Number(cell.getAttribute("data-value"))),
    backgroundColor: colours[n % colours.length],
    maxBarThickness: 28,
  };
}

function draw(figure) {
  const { labels, series: all } = read(figure.querySelector("table"));
  // The further series have other units: they stay in the table.
  const series = all.slice(0, Number(figure.getAttribute("data-chart")));
  if (!labels.length || !("ResizeObserver" in window)) return;
  const room = document.createElement("div");
  room.className = "chart-canvas";
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", figure.querySelector("figcaption").textContent);
  room.appendChild(canvas);
  const details = figure.querySelector("details");
  figure.insertBefore(room, details);
  const lies = figure.hasAttribute("data-lies");
  if (lies) room.style.height = `${Math.max(10, labels.length * 1.75 + 3)}rem`;
  const said = (n, at) => series[n].cells[at].textContent.trim();
  const sets = series.map(dataset);
  // Nobody ordered half a gift: counts have no fractions on their axis.
  const whole = sets.every((each) => each.data.every((value) => value === Math.round(value)));
  const ticks = whole ? { color: token("--ink-soft"), precision: 0 } : { color: token("--ink-soft") };
  const axis = { ticks, grid: { color: token("--line") }, beginAtZero: true };
  new Chart(canvas, {
    type: "bar",
    data: { labels, datasets: sets },
    options: {
      onClick: (_event, hit) => {
        const link = hit.length && series[hit[0].datasetIndex].cells[hit[0].index].querySelector("a");
        if (link) window.location.assign(link.href);
      },
      indexAxis: lies ? "y" : "x",
      animation: false,
      maintainAspectRatio: false,
      scales: { x: axis, y: axis },
      plugins: {
        legend: { display: series.length > 1, labels: { color: token("--ink") } },
        tooltip: { callbacks: { label: (item) => `${item.dataset.label} ${said(item.datasetIndex, item.dataIndex)}` } },
      },
    },
  });
  details.open = false;
}

document.querySelectorAll("[data-chart]").forEach((figure) => {
  try {
    draw(figure);
  } catch (_error) {
    // A browser that is too old for the library keeps the table.
    const room = figure.querySelector(".chart-canvas");
    if (room) room.parentNode.removeChild(room);
  }
});
