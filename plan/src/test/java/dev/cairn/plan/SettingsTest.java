package dev.cairn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void settingsComeBackAsTheyWent() {
        var settings = new Settings(
                new Settings.Connection("chat-db", "db", 5432, null, "require", null, "cairn"),
                new Settings.Locks(2000, 600_000),
                new Settings.Pace(200, 1000, 100, 50_000, 5000L));
        assertThat(Json.read(Json.write(settings), Settings.class)).isEqualTo(settings);
    }

    @Test
    void everyKindOfHoldComesBackAsItWent() {
        var pace = new Settings.Pace(200, 1000, 100, 50_000, null)
                .with(List.of(
                        HoldCondition.Signal.replicationLag(5_000, 2),
                        HoldCondition.Signal.replicaLag(5_000, "chat-db-replica"),
                        new HoldCondition.Signal(HoldSignal.DEAD_TUPLES, 2_000_000),
                        new HoldCondition.Signal(HoldSignal.OLDEST_TRANSACTION, 600_000),
                        new HoldCondition.Signal(HoldSignal.WAL_TO_ARCHIVE, 64),
                        new HoldCondition.Signal(HoldSignal.BLOCKED_SESSIONS, 10),
                        new HoldCondition.Query("SELECT 1", new BigDecimal("0.5"), true),
                        new HoldCondition.Query("SELECT true", null, false)));
        assertThat(Json.read(Json.write(pace), Settings.Pace.class)).isEqualTo(pace);
        // and earlier versions read and write the same text
        assertThat(Json.write(pace)).contains("""
                "holds":[{"type":"replicationLag","aboveMillis":5000,"replicas":2},\
                {"type":"replicaLag","aboveMillis":5000,"secret":"chat-db-replica"},\
                {"type":"deadTuples","above":2000000},\
                {"type":"oldestTransaction","aboveMillis":600000},\
                {"type":"walToArchive","above":64},\
                {"type":"blockedSessions","above":10},\
                {"type":"query","above":0.5,"ofPlan":true,"sql":"SELECT 1"},\
                {"type":"query","ofPlan":false,"sql":"SELECT true"}]""");
    }

    @Test
    void aPaceWithoutHoldsIsWrittenAndReadWithoutThem() {
        var pace = new Settings.Pace(200, 1000, 100, 50_000, null);
        assertThat(Json.write(pace)).doesNotContain("holds");
        assertThat(Json.read(Json.write(pace), Settings.Pace.class)).isEqualTo(pace);
    }

    @Test
    void batchSizesOutOfOrderAreNamed() {
        assertThatThrownBy(() -> new Settings.Pace(200, 1000, 2000, 50_000, null))
                .hasMessageStartingWith("pace.batchSize");
    }
}
