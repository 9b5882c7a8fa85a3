/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deliveries', table => {
    table.string('heard_at', 24).comment('When its runner last sent something, by the clock of the portal');
  });
  await knex('deliveries').update({ heard_at: knex.ref('finished_at') });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('deliveries', table => table.dropColumn('heard_at'));
};
