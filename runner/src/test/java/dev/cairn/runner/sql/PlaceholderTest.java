package dev.cairn.runner.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceholderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WHERE :batch                  | WHERE (id > $1)",
                "WHERE a AND(:batch)AND :batch | WHERE a AND((id > $1))AND (id > $1)",
                "WHERE a=1:batch               | WHERE a=1(id > $1)",
                "SELECT a[1:batch]             | SELECT a[1(id > $1)]",
            })
    void aPlaceholderIsReplacedWhereItIsOne(String sql, String replaced) {
        assertThat(Placeholder.replace(sql, ":batch", "(id > $1)")).isEqualTo(replaced);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "':batch'",
                "E'\\':batch'",
                "\":batch\"",
                "$$ :batch $$",
                "-- :batch",
                "/* :batch */",
                "a::batch",
                ":batches",
                ":Batch",
                "f(a :=batch)",
                "a[1: batch]"
            })
    void textThatLooksLikeAPlaceholderStays(String sql) {
        assertThat(Placeholder.replace(sql, ":batch", "x")).isEqualTo(sql);
        assertThat(Placeholder.count(sql, ":batch")).isZero();
    }
}
