package dev.cairn.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The order of the packages, from the bottom: decide; job and report; cache; observe; act; reconcile; the main. leader
 * knows none of them. decide, job and report are pure.
 *
 * <p>Two places write to the API server. act writes everything that belongs to migrations: Jobs, ConfigMaps, pods, Events,
 * and each status that report makes. leader writes its own lease.
 */
class ArchitectureTest {
    private static final String OPERATOR = "dev.cairn.operator.";
    private static final String CLIENT = "io.fabric8.kubernetes.client";

    /** The operations of the client that all packages may call. */
    private static final Set<String> READS = Set.of(
            "inNamespace",
            "inAnyNamespace",
            "withName",
            "withLabel",
            "withField",
            "withLimit",
            "events",
            "get",
            "runnableInformer");

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
                .resideInAnyPackage("io.fabric8..", "java.sql..", "java.net..", "java.nio..")
                .because("a decision is a function of what was observed: it can be tested without a cluster")
                .check(OURS);
    }

    @Test
    void eachPackageKnowsOnlyThoseBelow() {
        check(onlyKnows("decide"));
        check(onlyKnows("job", "decide"));
        check(onlyKnows("report", "decide"));
        check(onlyKnows("leader"));
        check(onlyKnows("cache", "job"));
        check(onlyKnows("observe", "cache", "job", "decide"));
        check(onlyKnows("act", "observe", "cache", "job", "decide"));
        check(onlyKnows("reconcile", "act", "observe", "cache", "report", "leader", "decide"));
    }

    @Test
    void everyPackageHasAPlaceInTheOrder() {
        assertThat(OURS.stream()
                        .map(JavaClass::getPackageName)
                        .map(name -> name.substring("dev.cairn.operator".length()))
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        "", ".decide", ".job", ".report", ".leader", ".cache", ".observe", ".act", ".reconcile");
    }

    @Test
    void onlyActAndTheLeaseWriteToTheApiServer() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(OPERATOR + "act..")
                .and()
                .doNotHaveFullyQualifiedName(OPERATOR + "leader.ApiLeaseStore")
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "is an operation of the client other than " + READS, ArchitectureTest::mayWrite)));
    }

    @Test
    void jobAndReportHaveNoClientInSight() {
        noClasses()
                .that()
                .resideInAnyPackage("..operator.job..", "..operator.report..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8.kubernetes.client.dsl..", "java.net..")
                .orShould()
                .dependOnClassesThat()
                .haveSimpleName("KubernetesClient")
                .because("models become Kubernetes objects without asking the cluster")
                .check(OURS);
    }

    @Test
    void whatDecidesIsAskedByTheReconcilersAlone() {
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

    private static boolean mayWrite(JavaAccess<?> access) {
        var owner = access.getTargetOwner().getPackageName();
        boolean operation = owner.startsWith(CLIENT + ".dsl");
        boolean raw = owner.equals(CLIENT) && access.getName().equals("raw");
        return raw || (operation && !READS.contains(access.getName()));
    }

    private static ArchRule onlyKnows(String name, String... others) {
        var allowed = Stream.concat(Stream.of(name), Stream.of(others))
                .map(other -> OPERATOR + other + "..")
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(OPERATOR + name + "..")
                .should()
                .onlyDependOnClassesThat(
                        DescribedPredicate.not(JavaClass.Predicates.resideInAPackage("dev.cairn.operator.."))
                                .or(JavaClass.Predicates.resideInAnyPackage(allowed)));
    }

    private static void check(ArchRule rule) {
        rule.check(OURS);
    }
}
