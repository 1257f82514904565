package dev.cairn.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Keeps decisions, renderings and reports pure, and writing in one place. */
class ArchitectureTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.cairn.operator");

    @Test
    void decideKnowsNoKubernetesAndNoDatabase() {
        noClasses()
                .that()
                .resideInAPackage("..operator.decide..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk..", "java.sql..", "java.net..", "java.nio..")
                .because("a decision is a function of what was observed: it can be tested without a cluster")
                .check(OURS);
    }

    @Test
    void decideDependsOnNoOtherPackageOfTheOperator() {
        noClasses()
                .that()
                .resideInAPackage("..operator.decide..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "..operator.observe..", "..operator.act..", "..operator.report..", "..operator.job..")
                .check(OURS);
    }

    @Test
    void jobAndReportHaveNoClientInSight() {
        noClasses()
                .that()
                .resideInAnyPackage("..operator.job..", "..operator.report..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8.kubernetes.client.dsl..", "io.javaoperatorsdk..", "java.net..")
                .orShould()
                .dependOnClassesThat()
                .haveSimpleName("KubernetesClient")
                .because("models become Kubernetes objects without asking the cluster")
                .check(OURS);
    }

    @Test
    void whatObservesDoesNotActAndWhatDecidesIsAskedByTheReconcilersAlone() {
        noClasses()
                .that()
                .resideInAPackage("..operator.observe..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..operator.act..", "..operator.report..")
                .check(OURS);
        noClasses()
                .that()
                .resideOutsideOfPackages("..operator.reconcile..", "..operator.decide..")
                .should()
                .dependOnClassesThat()
                .haveSimpleName("NextStep")
                .check(OURS);
    }

    @Test
    void whatReadsAndWhatActsSayNothingToUsers() {
        noClasses()
                .that()
                .resideInAnyPackage("..operator.observe..", "..operator.act..", "..operator.reconcile..")
                .should()
                .callMethod(String.class, "formatted", Object[].class)
                .because("they hand on what they found, and decide has the sentences about it")
                .check(OURS);
    }

    @Test
    void nobodyTouchesASecret() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.fabric8.kubernetes.api.model.Secret")
                .check(OURS);
    }

    @Test
    void packagesDoNotDependOnEachOtherInCircles() {
        slices().matching("dev.cairn.operator.(*)..").should().beFreeOfCycles().check(OURS);
    }
}
