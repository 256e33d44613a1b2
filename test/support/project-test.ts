// vitest's `test` with a project in it that is disposed of whatever happens.
import { test as base } from 'vitest';
import { Project } from './project.ts';
import type { ProjectOptions } from './project.ts';

export interface ProjectFixtures {
  /** An empty project with a plain `.bashrc`. */
  readonly project: Project;
  /** Makes one with something else in it, or a second one. */
  readonly createProject: (options?: ProjectOptions) => Promise<Project>;
}

export const test = base.extend<ProjectFixtures>({
  createProject: async ({ task: _ }, use) => {
    const projects: Project[] = [];
    const create = async (options?: ProjectOptions) => {
      const project = await Project.create(options);
      projects.push(project);
      return project;
    };
    await use(create);
    for (const project of projects) await project.dispose();
  },
  project: async ({ createProject }, use) => {
    await use(await createProject());
  },
});
