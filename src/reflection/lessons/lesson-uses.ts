/** The uses of lessons in a task: apart from its own facts, which no use changes. */
export const lessonUsesStream = (taskId: string): string => `lesson-uses:${taskId}`;
