package dev.cairn.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * plan ← runner; plan, crds ← operator; e2e uses all. Nothing else. The rules inside a module are in its own
 * ArchitectureTest.
 */
class ModulesTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.cairn");

    @Test
    void thePlanKnowsNeitherKubernetesNorJdbcNorAnyOtherModule() {
        noClasses()
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
                        "dev.cairn.operator..")
                .check(CLASSES);
    }

    @Test
    void theApiTypesKnowNoDatabaseAndNoReconciler() {
        noClasses()
                .that()
                .resideInAPackage("dev.cairn.crds..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.postgresql..", "dev.cairn.runner..", "dev.cairn.operator..")
                .check(CLASSES);
    }

    @Test
    void theRunnerHasNoKubernetesInIt() {
        noClasses()
                .that()
                .resideInAPackage("dev.cairn.runner..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..", "dev.cairn.crds..", "dev.cairn.operator..")
                .check(CLASSES);
    }

    @Test
    void theOperatorNeverConnectsToADatabase() {
        noClasses()
                .that()
                .resideInAPackage("dev.cairn.operator..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.postgresql..", "dev.cairn.runner..")
                .check(CLASSES);
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
}
