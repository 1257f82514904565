package dev.cairn.runner;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The order of the packages, from the bottom: sql and report; pace and end; session; ledger; run; hold; backfill, schema
 * and container; the main. Within backfill: key; table; statement; batch; worker; the walk itself; dryrun.
 */
class ArchitectureTest {
    private static final String RUNNER = "dev.cairn.runner.";

    private final JavaClasses runner = new ClassFileImporter().importPath(Path.of("target/classes"));

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching("dev.cairn.(runner..)").should().beFreeOfCycles());
    }

    @Test
    void sqlAndPaceAreAboutTextAndTimeAlone() {
        check(noClasses()
                .that()
                .resideInAnyPackage(RUNNER + "sql..", RUNNER + "pace..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.postgresql..", RUNNER + "session..", RUNNER + "ledger.."));
    }

    @Test
    void theFloorsBelowTheEnginesKnowOnlyThoseBelow() {
        check(onlyKnows("sql"));
        check(onlyKnows("report"));
        check(onlyKnows("pace", "report"));
        check(onlyKnows("end", "report"));
        check(onlyKnows("session", "end", "report", "sql"));
        check(onlyKnows("ledger", "session", "end", "report", "sql"));
        check(onlyKnows("run", "ledger", "session", "end", "report", "sql"));
    }

    @Test
    void everyPackageHasAPlaceInTheOrder() {
        assertThat(runner.stream()
                        .map(type -> type.getPackageName() + ".")
                        .map(name -> name.substring(RUNNER.length()))
                        .map(name -> name.substring(0, Math.max(0, name.indexOf('.'))))
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        "",
                        "sql",
                        "report",
                        "pace",
                        "end",
                        "session",
                        "ledger",
                        "run",
                        "hold",
                        "backfill",
                        "schema",
                        "container");
    }

    @Test
    void theEnginesDoNotKnowEachOther() {
        check(onlyKnows("backfill", "hold", "run", "ledger", "session", "end", "report", "pace", "sql"));
        check(onlyKnows("hold", "run", "session", "end", "report", "sql"));
        check(onlyKnows("container", "run", "ledger", "session", "end", "report"));
        check(onlyKnows("schema", "run", "ledger", "session", "end", "report", "sql"));
    }

    @Test
    void theRoomsOfTheBackfillKnowOnlyThoseBelow() {
        var rooms = Stream.of(".key", ".table", ".statement", ".batch", ".worker", "", ".dryrun")
                .map(room -> RUNNER + "backfill" + room)
                .toList();
        for (int n = 0; n < rooms.size() - 1; n++) {
            var above = rooms.subList(n + 1, rooms.size()).toArray(String[]::new);
            check(noClasses()
                    .that()
                    .resideInAPackage(rooms.get(n))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(above));
        }
    }

    private static ArchRule onlyKnows(String name, String... others) {
        var allowed = new String[others.length + 1];
        allowed[0] = RUNNER + name + "..";
        for (int n = 0; n < others.length; n++) allowed[n + 1] = RUNNER + others[n] + "..";
        return classes()
                .that()
                .resideInAPackage(RUNNER + name + "..")
                .should()
                .onlyDependOnClassesThat(
                        DescribedPredicate.not(JavaClass.Predicates.resideInAPackage("dev.cairn.runner.."))
                                .or(JavaClass.Predicates.resideInAnyPackage(allowed)));
    }

    private void check(ArchRule rule) {
        rule.check(runner);
    }
}
