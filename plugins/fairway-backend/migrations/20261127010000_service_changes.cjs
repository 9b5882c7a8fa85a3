// Replicas hold in memory what services are drawn from, and read again what changed. Triggers write down what did, so that neither
// a replica of an older version nor a statement by hand is missed. knex makes a table of SQLite anew to drop a column of it, and
// its triggers go: a migration that does so must make them again.

/** Tables that services are drawn from. */
const ofServices = ['deliveries', 'service_presence'];
/** All services are shown with the names of clusters. */
const ofAll = ['watched_clusters'];

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('service_change_number', table => {
    table.bigInteger('at').notNullable().comment('Number of the last change');
  });
  await knex('service_change_number').insert({ at: 0 });
  // one row for each service, so that it does not grow with time
  await knex.schema.createTable('service_changes', table => {
    table.string('namespace', 63).notNullable();
    table.string('service', 63).notNullable().comment('Empty for all services');
    table.bigInteger('at').notNullable().index();
    table.primary(['namespace', 'service']);
  });
  if (knex.client.config.client === 'pg') await inPostgres(knex);
  else await inSqlite(knex);
};

/** @param {import('knex').Knex} knex */
async function inPostgres(knex) {
  const note = (namespace, service) => `
    insert into service_changes (namespace, service, at) values (${namespace}, ${service}, number)
    on conflict (namespace, service) do update set at = excluded.at;`;
  const notes = (name, body) =>
    knex.raw(`
      create function ${name}() returns trigger language plpgsql set search_path from current as $body$
      declare number bigint;
      begin
        update service_change_number set at = at + 1 returning at into number;
        ${body}
        return null;
      end $body$`);
  await notes(
    'note_service_change',
    `if TG_OP <> 'INSERT' then ${note("coalesce(old.namespace, '')", 'old.service')} end if;
     if TG_OP <> 'DELETE' then ${note("coalesce(new.namespace, '')", 'new.service')} end if;`,
  );
  await notes('note_cluster_change', note("''", "''"));
  // Deferred to the end of the transaction: the lock on the number then makes its order that of the commits, so that whoever has
  // seen a number has seen all before it, and no lock is taken after it on which two transactions could wait for each other.
  const trigger = (table, name, event, when = '') =>
    knex.raw(`
      create constraint trigger ${table}_${event.replaceAll(' ', '_')} after ${event} on ${table}
      deferrable initially deferred for each row ${when} execute function ${name}()`);
  for (const table of [...ofServices, ...ofAll]) {
    const name = ofAll.includes(table) ? 'note_cluster_change' : 'note_service_change';
    await trigger(table, name, 'insert or delete');
    await trigger(table, name, 'update', 'when (old.* is distinct from new.*)');
  }
}

/** @param {import('knex').Knex} knex */
async function inSqlite(knex) {
  const note = (namespace, service) => `
    delete from service_changes where namespace = ${namespace} and service = ${service};
    insert into service_changes (namespace, service, at) select ${namespace}, ${service}, at from service_change_number;`;
  const rows = { insert: ['new'], update: ['old', 'new'], delete: ['old'] };
  for (const table of [...ofServices, ...ofAll])
    for (const [event, names] of Object.entries(rows))
      await knex.raw(`
        create trigger ${table}_${event} after ${event} on ${table} begin
          update service_change_number set at = at + 1;
          ${ofAll.includes(table) ? note("''", "''") : names.map(row => note(`coalesce(${row}.namespace, '')`, `${row}.service`)).join('')}
        end`);
}

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  if (knex.client.config.client === 'pg') {
    await knex.raw('drop function note_service_change() cascade');
    await knex.raw('drop function note_cluster_change() cascade');
  } else {
    for (const table of [...ofServices, ...ofAll])
      for (const event of ['insert', 'update', 'delete']) await knex.raw(`drop trigger if exists ${table}_${event}`);
  }
  await knex.schema.dropTable('service_changes');
  await knex.schema.dropTable('service_change_number');
};
