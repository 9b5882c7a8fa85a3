// Runs in the page of the report, after uPlot and the constant `runs`.
const colors = ['#0a66c2', '#c2410c', '#15803d'];
runs.forEach((run, index) => {
  const parent = document.getElementById(`run${index}`);
  const plot = (title, x, y, names, data, points) =>
    new uPlot(
      {
        title,
        width: 560,
        height: 300,
        scales: { x: { time: false } },
        axes: [{ label: x }, { label: y }],
        series: [
          { label: x },
          ...names.map((label, at) => ({
            label,
            stroke: colors[at],
            width: points ? 0 : 2,
            ...(points ? { paths: () => null, points: { show: true, size: 4 } } : {}),
          })),
        ],
      },
      data,
      parent,
    );
  plot('Requests', 'second', 'ms', ['time to first token', 'whole answer'], run.requests, true);
  plot('Requests a second', 'second', '', ['sent', 'answered'], run.seconds.slice(0, 3), false);
  plot('Tokens a second', 'second', '', ['tokens'], [run.seconds[0], run.seconds[3]], false);
  plot('Time to first token', 'ms', '% of requests', ['at most'], run.ttft, false);
  plot(run.gapsName, 'ms', '% of gaps', ['at most'], run.gaps, false);
});
