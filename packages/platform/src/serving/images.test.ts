import { librariesIn } from './libraries.ts';

const output = `	linux-vdso.so.1 (0x00007ffd)
	libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f1)
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f2)
	/lib64/ld-linux-x86-64.so.2 (0x00007f3)
`;

test('the libraries that a binary names, the loader among them', () => {
  expect(librariesIn(output, '/x')).toEqual([
    '/lib/x86_64-linux-gnu/libm.so.6',
    '/lib/x86_64-linux-gnu/libc.so.6',
    '/lib64/ld-linux-x86-64.so.2',
  ]);
});

test('a library that is missing is said', () => {
  expect(() => librariesIn('	libm.so.6 => not found\n', '/x')).toThrow('libm.so.6 => not found');
  expect(() => librariesIn("/x: /lib/libc.so.6: version `GLIBC_2.39' not found (required by /x)", '/x')).toThrow(
    'GLIBC_2.39',
  );
});
