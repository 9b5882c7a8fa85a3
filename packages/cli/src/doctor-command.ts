import { doctor } from '@fairway/platform';
import { parse } from './parse.ts';

/** Prints what the machine has; exit code 2 when something is missing that Fairway cannot bring. */
export async function doctorCommand(argv: readonly string[]): Promise<number> {
  const { values } = parse(argv, { json: { type: 'boolean' } }, 0);
  const findings = await doctor();
  const missing = findings.filter(finding => finding.will === 'missing');
  if (values['json']) {
    process.stdout.write(`${JSON.stringify({ findings })}\n`);
  } else {
    const width = Math.max(...findings.map(finding => finding.name.length));
    const mark = { use: 'found  ', bring: 'brought', missing: 'MISSING' };
    for (const finding of findings) {
      process.stdout.write(`${mark[finding.will]}  ${finding.name.padEnd(width)}  ${finding.detail}\n`);
      if (finding.fix) process.stdout.write(`${' '.repeat(width + 11)}${finding.fix}\n`);
    }
    process.stdout.write(
      missing.length === 0
        ? '\nNothing is missing: npm start delivers the example.\n'
        : `\n${missing.length} missing: the lines above say how to fix each.\n`,
    );
  }
  return missing.length === 0 ? 0 : 2;
}
