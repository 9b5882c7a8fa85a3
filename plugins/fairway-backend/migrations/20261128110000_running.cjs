// Home asks for what is being delivered: few of very many.

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deliveries', table => table.index(['verdict', 'started_at']));
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('deliveries', table => table.dropIndex(['verdict', 'started_at']));
};
