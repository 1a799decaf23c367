// DuckDB over the same spend logs, for `make bench`: its load, size, and the questions that it is good at, on two threads.
//
//	node duckdb.mjs MODULES CSV DATABASE
//
// MODULES is the folder that npm put @duckdb/node-api into, CSV the spend logs as coffer exports them. Prints the figures of
// tests/bench/measure.h; ROUNDS says how many rounds each has.
import { createRequire } from 'node:module';
import { openSync, readSync, closeSync, statSync } from 'node:fs';

const [modules, csv, path] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(modules + '/node_modules/')('@duckdb/node-api');
const rounds = Number(process.env.ROUNDS) || 3;
const types = {
	spend: 'DOUBLE', total_tokens: 'INTEGER', prompt_tokens: 'INTEGER', completion_tokens: 'INTEGER',
	startTime: 'TIMESTAMP', endTime: 'TIMESTAMP', completionStartTime: 'TIMESTAMP',
};

// The names that the file's first line gives; none of them has a comma.
function columns()
{
	const bytes = Buffer.alloc(4096), file = openSync(csv, 'r');
	const size = readSync(file, bytes);

	closeSync(file);
	return bytes.toString('utf8', 0, size).split('\n')[0].replaceAll('"', '').split(',');
}

function median(figures)
{
	return figures.sort((left, right) => left - right)[Math.floor(figures.length / 2)];
}

// Seconds of the wall and of the processor that a work takes.
async function timed(work)
{
	const wall = process.hrtime.bigint(), cpu = process.cpuUsage();

	await work();
	const used = process.cpuUsage(cpu);
	return { wall: Number(process.hrtime.bigint() - wall) / 1e9, cpu: (used.user + used.system) / 1e6 };
}

function say(row, clock, value, unit)
{
	console.log([row, 'duckdb', clock, value.toPrecision(6), unit].join('\t'));
}

async function contest(row, unit, work)
{
	const spent = [];
	let done;

	for (let round = 0; round < rounds; round++)
		spent.push(await timed(async () => { done = await work(); }));
	for (const clock of ['cpu', 'wall']) {
		const seconds = median(spent.map((figure) => figure[clock]));
		say(row, clock, unit === 'us' ? seconds * 1e6 : done / seconds, unit);
	}
}

const names = columns();
const instance = await DuckDBInstance.create(path, { threads: '2' });
const connection = await instance.connect();
const count = async (sql) => (await connection.runAndReadAll(sql)).getRows().length;
const quoted = names.map((name) => `'${name}': '${types[name] ?? 'VARCHAR'}'`).join(', ');
const load = await timed(async () => {
	await connection.run(`CREATE TABLE logs AS SELECT * FROM read_csv('${csv.replaceAll("'", "''")}',
		header = true, delim = ',', quote = '"', escape = '"', max_line_size = 67108864, columns = {${quoted}})`);
	await connection.run('CREATE UNIQUE INDEX ids ON logs (request_id)');
	await connection.run('CREATE INDEX times ON logs ("startTime")');
	await connection.run('CREATE INDEX users ON logs (end_user)');
	await connection.run('CHECKPOINT');
});
const rows = Number((await connection.runAndReadAll('SELECT count(*) FROM logs')).getRows()[0][0]);
for (const clock of ['cpu', 'wall'])
	say('load', clock, rows / load[clock], 'rows/s');
say('size-load', '-', statSync(path).size / 2 ** 20, 'MiB');
await contest('spend', 'us', () => count(
	'SELECT date_trunc(\'day\', "startTime"), model, sum(spend), count(*) FROM logs GROUP BY 1, 2'));
await contest('day', '/s', () => count(`SELECT "startTime", spend, total_tokens, model, api_key FROM logs WHERE
	"startTime" >= (SELECT date_trunc('day', min("startTime")) FROM logs) + INTERVAL 45 DAY AND
	"startTime" < (SELECT date_trunc('day', min("startTime")) FROM logs) + INTERVAL 46 DAY`));
connection.closeSync();
