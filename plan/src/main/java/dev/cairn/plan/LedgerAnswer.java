package dev.cairn.plan;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A ledger's answer to a {@link LedgerQuestion}: the termination message of the Job that asked.
 *
 * @param question its hash
 * @param states a digit of {@link LedgerState} for each entry, in the question's order
 */
public record LedgerAnswer(String question, String states) {
    /** The answer to a question. */
    public static LedgerAnswer to(LedgerQuestion question, List<LedgerState> states) {
        if (states.size() != question.entries().size())
            throw new IllegalArgumentException(
                    "states: one for each of " + question.entries().size() + " entries");
        return new LedgerAnswer(
                question.hash(),
                states.stream().map(state -> String.valueOf(state.digit())).collect(Collectors.joining()));
    }

    /** JSON that fits into a termination message: less than {@value Outcome#MAX_BYTES} bytes. */
    public String toTerminationMessage() {
        return Json.write(this);
    }

    /** @throws IllegalArgumentException if the text is not an answer */
    public static LedgerAnswer fromTerminationMessage(String json) {
        var answer = Json.read(json, LedgerAnswer.class);
        if (answer.question == null || answer.states == null)
            throw new IllegalArgumentException("not a LedgerAnswer: question and states are missing");
        return answer;
    }

    /** The states, in the question's order. */
    public List<LedgerState> all() {
        return states.chars().mapToObj(digit -> LedgerState.of((char) digit)).toList();
    }
}
