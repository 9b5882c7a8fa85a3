import type { fixTexts } from '@fairway/service/reasons/fix-plan';

/** Why a finding is not fixed in a layer on the image, in Simplified Chinese. */
export const fixPlanReasonsChinese: Record<keyof typeof fixTexts, string> = {
  'fix.rebuild': '请用 {{build}} 或更新版本重新构建 {{program}}，或采用这样构建的发行版',
  'fix.theProgram': '该程序',
  'fix.crate': 'crate {{name}} {{version}}',
  'fix.inFiles': '（位于 {{files}}）',
  'fix.inFilesAndOthers': '（位于 {{files}} 等处）',
  'fix.noneNewer': '没有比 {{installed}} 更新的版本含有该修复{{where}}：含有它的最接近的版本是 {{atLeast}}',
  'fix.pnpm': 'pnpm 把它放在多个软件包共用的位置{{where}}：请在 pnpm-lock.yaml 中要求 {{package}} {{atLeast}}',
  'fix.noNodeModules':
    '它不在任何以其自身名称命名的 node_modules 中{{where}}，因此需要由放置它的一方引入 {{package}} {{atLeast}}',
  'fix.uvCache':
    '扫描器在 uv 的缓存中看到它{{where}}，各环境与该缓存共用文件：请不要把缓存放进镜像（UV_NO_CACHE=1，或使用缓存挂载并设置 UV_LINK_MODE=copy）',
  'fix.noPython': '它不在任何 Python 环境中{{where}}，因此需要由放置它的一方引入 {{package}} {{atLeast}}',
  'fix.ownBuild':
    '它是专门的构建 {{installed}}，来自公共索引之外的索引：请在服务声明依赖的地方要求 {{package}} {{atLeast}}',
  'fix.otherKind': '它是类型为 {{kind}} 的软件包{{where}}，属于该服务：请在那里要求 {{package}} {{atLeast}}',

  'fix.offered': '其软件源提供 {{installed}}，而需要 {{atLeast}}',
  'fix.unread': '{{offered}}；无法读取一个软件源：“{{words}}”',
  'fix.rejected': '它的升级被拒绝：“{{words}}”',
  'fix.noShell': '镜像中没有 {{program}}，因此其中什么都无法升级：请在更新的基础镜像上构建，或从中复制镜像的内容',
  'fix.noManager': '镜像中没有用来升级它的 {{program}}：请在更新的基础镜像上构建',
  'fix.notServed': '使用更新的 Python 和 Node 软件包后，服务不再可用（{{reason}}）',
};
