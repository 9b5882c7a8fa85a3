/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  // Narrow rows for lists and summaries; the record itself lies beside them, so that reading a list does not read records.
  await knex.schema.createTable('deliveries', table => {
    table.string('id', 64).primary();
    table.string('service', 63).notNullable();
    table
      .integer('version')
      .notNullable()
      .comment('Counts the changes of the row: the one who writes must have read it');
    table.string('verdict', 16).notNullable();
    table.string('failed_stage', 32);
    table.text('reason').notNullable();
    table.string('commit', 64);
    table.text('digest');
    // RFC 3339 in UTC with milliseconds, so that text compares as time in every database
    table.string('started_at', 24).notNullable();
    table.string('finished_at', 24).notNullable();
    table.text('origin').notNullable();
    table.string('project_slug', 255);
    table.string('repository_id', 32);
    table.string('namespace', 63);
    table.string('owner', 255);
    table.string('system', 255);
    table.string('engine', 32);
    table.string('model', 255);
    table.text('url');
    table.text('released_revision');
    table.text('released_digest');
    table.string('released_at', 24);
    table.string('objectives_verdict', 16);
    table.text('objectives_reason');
    table.string('objectives_at', 24);
    table.index(['service', 'finished_at']);
  });
  await knex.schema.createTable('delivery_records', table => {
    table.string('id', 64).primary().references('id').inTable('deliveries').onDelete('CASCADE');
    table.text('record', 'longtext').notNullable();
  });
  await knex.schema.createTable('evidence', table => {
    table.string('digest', 71).primary();
    table.text('content', 'longtext').notNullable();
  });
  // Which deliveries name a piece, so that it can go with the last of them.
  await knex.schema.createTable('delivery_evidence', table => {
    table.string('delivery', 64).references('id').inTable('deliveries').onDelete('CASCADE');
    table.string('digest', 71).index();
    table.primary(['delivery', 'digest']);
  });
  await knex.schema.createTable('benchmarks', table => {
    table.string('delivery', 64).primary().references('id').inTable('deliveries').onDelete('CASCADE');
    table.text('benchmark').notNullable();
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('benchmarks');
  await knex.schema.dropTable('delivery_evidence');
  await knex.schema.dropTable('evidence');
  await knex.schema.dropTable('delivery_records');
  await knex.schema.dropTable('deliveries');
};
