/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deliveries', table => {
    table
      .text('sender')
      .comment('Who sent it first, and alone may change it; null where only the time before this is known');
  });
  // what a GitHub run sent is its repository's; the name of the token that sent another one was not stored
  await knex('deliveries')
    .whereNotNull('repository_id')
    .update({ sender: knex.raw("'github:' || repository_id") });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('deliveries', table => table.dropColumn('sender'));
};
