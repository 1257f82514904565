package dev.cairn.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CasesTest {
    @Test
    void aFailingCaseNamesTheSeedThatRepeatsIt() {
        // given a property that fails for one value
        var failing = new ArrayList<String>();
        assertThatThrownBy(() -> Cases.check(10_000, any -> {
                    var value = any.text(5) + any.integer(1, 9);
                    failing.add(value);
                    assertThat(value).doesNotEndWith("7");
                }))
                .isInstanceOf(AssertionError.class)
                // then its message has a seed that gives the same value again
                .satisfies(failure -> {
                    var seed =
                            Long.parseLong(failure.getMessage().replaceAll("(?s).*cairn\\.seed=(-?\\d+)\\..*", "$1"));
                    var any = new Any(new Random(seed));
                    assertThat(any.text(5) + any.integer(1, 9)).isEqualTo(failing.getLast());
                });
    }

    @Test
    void valuesReachTheirBoundsAndStayInThem() {
        var any = new Any(new Random(1));
        List<Integer> numbers = any.exactly(1000, () -> any.integer(-3, 5)).toList();
        assertThat(numbers).contains(-3, 0, 5).allMatch(number -> number >= -3 && number <= 5);
        assertThat(any.exactly(1000, () -> any.text(4)).toList())
                .contains("")
                .allMatch(text -> text.codePointCount(0, text.length()) <= 4 && text.indexOf(0) < 0);
    }
}
