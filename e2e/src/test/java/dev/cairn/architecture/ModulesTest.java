package dev.cairn.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** plan ← runner; plan, crds ← operator; e2e uses all. Nothing else. */
class ModulesTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.cairn");

    @Test
    void thePlanKnowsNeitherKubernetesNorJdbcNorAnyOtherModule() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.cairn.plan..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.fabric8..",
                        "java.sql..",
                        "org.postgresql..",
                        "dev.cairn.crds..",
                        "dev.cairn.runner..",
                        "dev.cairn.operator.."));
    }

    @Test
    void theApiTypesKnowNoDatabaseAndNoReconciler() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.cairn.crds..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.postgresql..", "dev.cairn.runner..", "dev.cairn.operator.."));
    }

    @Test
    void theRunnerHasNoKubernetesInIt() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.cairn.runner..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.fabric8..", "io.javaoperatorsdk..", "dev.cairn.crds..", "dev.cairn.operator.."));
    }

    @Test
    void theOperatorNeverConnectsToADatabaseAndNeverTouchesASecret() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.cairn.operator..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.postgresql..", "dev.cairn.runner.."));
        check(noClasses()
                .that()
                .resideInAPackage("dev.cairn.operator..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.fabric8.kubernetes.api.model.Secret"));
    }

    @Test
    void theDecisionIsPure() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.cairn.operator.decide..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.fabric8.kubernetes.client..", "io.javaoperatorsdk..", "java.net..", "java.nio.."));
    }

    @Test
    @DisplayName("packages of a module depend on each other in one direction only")
    void noCycles() {
        check(slices().matching("dev.cairn.runner.(*)..").should().beFreeOfCycles());
        check(slices().matching("dev.cairn.operator.(*)..").should().beFreeOfCycles());
    }

    @Test
    @DisplayName("no name stands for two classes, but for the two programs' Main")
    void namesAreUnique() {
        var files = CLASSES.stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName, Collectors.mapping(JavaClass::getName, Collectors.toList())));
        assertThat(files).hasSizeGreaterThan(300);
        files.values().removeIf(names -> names.size() == 1);
        assertThat(files).containsOnlyKeys("Main");
    }

    private static void check(ArchRule rule) {
        // Until both modules have classes of every package named here, a rule may find nothing to look at.
        rule.check(CLASSES);
    }
}
