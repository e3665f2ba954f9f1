/** Ends a command with a message for the operator, who needs no stack of function names. */
export class OperatorStop extends Error {}

/** Runs a command's main work; an OperatorStop is shown as its message alone, anything else is a bug and shows itself. */
export async function runCommand(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof OperatorStop)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
