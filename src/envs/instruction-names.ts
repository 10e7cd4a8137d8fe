// The names of the parts that show an instruction, and of the policy's inputs: apart from what encodes it, which is large.

export const instructionName = 'instruction';
export const wordsName = 'words';
