/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deliveries', table => {
    table
      .text('docs')
      .comment('Folder of mkdocs.yml in the repository; null where there is none, and where the record is older');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('deliveries', table => table.dropColumn('docs'));
};
