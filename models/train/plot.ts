/** A reliability plot: what was said against what was so, the size of a point for how often it was said. */
export function reliabilityPlot(
  series: readonly { name: string; colour: string; bins: readonly { said: number; was: number; count: number }[] }[],
): string {
  const [side, margin] = [360, 48];
  const x = (value: number): string => (margin + value * side).toFixed(1);
  const y = (value: number): string => (margin + (1 - value) * side).toFixed(1);
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const lines = ticks.flatMap((tick) => [
    `<path d="M${x(tick)} ${y(0)}V${y(1)}M${x(0)} ${y(tick)}H${x(1)}" stroke="#ddd"/>`,
    `<text x="${x(tick)}" y="${Number(y(0)) + 16}" text-anchor="middle">${tick}</text>`,
    `<text x="${Number(x(0)) - 6}" y="${Number(y(tick)) + 4}" text-anchor="end">${tick}</text>`,
  ]);
  const drawn = series.flatMap(({ name, colour, bins }, at) => {
    const most = Math.max(...bins.map(({ count }) => count));
    const path = bins.map(({ said, was }, point) => `${point ? 'L' : 'M'}${x(said)} ${y(was)}`).join('');
    const points = bins.map(
      ({ said, was, count }) =>
        `<circle cx="${x(said)}" cy="${y(was)}" r="${(2 + 6 * Math.sqrt(count / most)).toFixed(1)}" fill="${colour}" fill-opacity="0.7"><title>${count}</title></circle>`,
    );
    const legend = `<text x="${Number(x(0)) + 12}" y="${Number(y(1)) + 18 + at * 18}" fill="${colour}">${name}</text>`;
    return [`<path d="${path}" fill="none" stroke="${colour}"/>`, ...points, legend];
  });
  const whole = side + 2 * margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole} ${whole}" font-family="sans-serif" font-size="12">`,
    '<title>Reliability: what was said against what was so</title>',
    `<rect width="${whole}" height="${whole}" fill="#fff"/>`,
    ...lines,
    `<path d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" stroke="#888" stroke-dasharray="4 4"/>`,
    ...drawn,
    `<text x="${whole / 2}" y="${whole - 8}" text-anchor="middle">probability of a prohibited place, as said</text>`,
    `<text x="14" y="${whole / 2}" text-anchor="middle" transform="rotate(-90 14 ${whole / 2})">share that was one</text>`,
    '</svg>',
    '',
  ].join('\n');
}
