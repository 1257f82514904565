package dev.cairn.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChecksumTest {
    private static final Identity MOOD = new Identity("chat", MigrationKind.DataMigration, "mood");
    private static final Work.Over OVER = new Work.Over("messages", List.of("id"), "m", "SELECT id FROM öl");

    @Test
    void theTextOfABackfillNamesWhatRuns() {
        var backfill = new Work.Backfill(
                OVER, "UPDATE :batch", "SELECT true", 3L, List.of("SELECT busy"), Work.Repeat.UntilVerified);
        assertThat(ChecksumText.of(new Plan(MOOD, backfill))).isEqualTo("""
                cairn 2
                scope 4
                chat
                kind 13
                DataMigration
                name 4
                mood
                work 8
                backfill
                table 8
                messages
                key 2
                id
                as 1
                m
                query 18
                SELECT id FROM öl
                sql 13
                UPDATE :batch
                skipErrors 1
                3
                repeat 13
                UntilVerified
                """);
    }

    @Test
    void theTextOfTheOtherKindsLeavesOutNamesOfStepsAndExitCodes() {
        var schema = new Work.Schema(List.of(new Work.Step("V1.sql", "SELECT 1;\n"), new Work.Step("V2.sql", "")));
        assertThat(ChecksumText.ofContent(schema))
                .isEqualTo("cairn 2\nwork 6\nschema\nstep 10\nSELECT 1;\n\nstep 0\n\n");
        assertThat(ChecksumText.ofContent(new Work.Once("DELETE FROM t", "SELECT true")))
                .isEqualTo("cairn 2\nwork 4\nonce\nsql 13\nDELETE FROM t\n");
        assertThat(ChecksumText.ofContent(new Work.Container("fill:1", List.of("/fill", "-v"), List.of(3), null)))
                .isEqualTo("cairn 2\nwork 9\ncontainer\nimage 6\nfill:1\ncommand 5\n/fill\ncommand 2\n-v\n");
    }

    @Test
    void theChecksumsAreTheOnesThatSha256sumGives() {
        var checksum = Checksum.of(new Plan(MOOD, new Work.Once("DELETE FROM t", "SELECT true")));
        assertThat(checksum)
                .isEqualTo(new Checksum(
                        "sha256:e89f5685a0689ef14a75005a5c7db08cc8ee0fb4ff0bc7e63f8249abb146fa2c",
                        "sha256:7814ce02c077c00a88fcdd66a2f319e9611bcaed09c9be87a8b01c222d1d3c9b",
                        "sha256:8b227ed7b5f41b6badea62e4942efd621e2f05440af189f432705c79d40fa0aa",
                        "sha256:bf52f1b1ec94ff12c0d86fe2021370784dd9de97ad2bea79856aa624444fa142"));
    }

    @Test
    void theFirstFormatIsThatOfALedgerOfVersion01() {
        // given a plan as that version wrote it into its Jobs and hashed it
        var written = "{\"migration\":{\"kind\":\"DataMigration\",\"name\":\"mood\",\"scope\":\"chat\"},"
                + "\"work\":{\"type\":\"once\",\"sql\":\"DELETE FROM t\",\"verify\":\"SELECT true\"}}";
        var plan = Plan.fromJson(written.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(Checksum.of(plan).format1()).isEqualTo(Digest.sha256(written));
    }

    @Test
    void whatOnlyWaitsTriesOrChecksIsOutside() {
        var plain = new Work.Backfill(OVER, "UPDATE :batch", null);
        var watched = new Work.Backfill(OVER, "UPDATE :batch", "SELECT true", null, List.of("SELECT busy"), null);
        var one = Checksum.of(new Plan(MOOD, plain));
        var other = Checksum.of(new Plan(MOOD, watched));
        assertThat(other.format2()).isEqualTo(one.format2());
        assertThat(other.verify()).isNotNull().isNotEqualTo(one.verify());
        assertThat(other.format1()).isNotEqualTo(one.format1());
        assertThat(Checksum.of(new Plan(MOOD, plain, new Plan.DryRun(true)))).isEqualTo(one);
    }

    @Test
    void theContentIsTheSameUnderAnotherNameAndOnAnotherDatabase() {
        var work = new Work.Once("DELETE FROM t", null);
        var staging = new Identity("staging", MigrationKind.DataMigration, "delete");
        var here = Checksum.of(new Plan(MOOD, work));
        var there = Checksum.of(new Plan(staging, work));
        assertThat(there.content()).isEqualTo(here.content());
        assertThat(there.format2()).isNotEqualTo(here.format2());
    }

    @Test
    void aValueCannotLookLikeTheFieldAfterIt() {
        var one = new Work.Schema(List.of(new Work.Step("1", "a\nstep 1\nb")));
        var two = new Work.Schema(List.of(new Work.Step("1", "a"), new Work.Step("2", "b")));
        assertThat(ChecksumText.ofContent(one)).isNotEqualTo(ChecksumText.ofContent(two));
    }
}
