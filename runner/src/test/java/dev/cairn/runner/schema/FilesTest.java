package dev.cairn.runner.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.Reason;
import dev.cairn.runner.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class FilesTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final Migrations migrations = new Migrations(database);

    @Test
    void functionsAndRulesArriveWhole() throws Exception {
        migrations.schema("m", """
            CREATE TABLE "Mixed;Case" ("a""b" int, braces text DEFAULT '{d ''2020-01-01''}');
            CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $body$
            BEGIN
                -- a semicolon; and a ? and a {brace}
                RETURN n * 2;
            END;
            $body$;
            CREATE FUNCTION kind(n int) RETURNS text LANGUAGE sql BEGIN ATOMIC
                SELECT CASE WHEN n > 0 THEN 'a;b' ELSE 'c' END;
            END;
            CREATE TABLE audit (n int);
            CREATE RULE twofold AS ON INSERT TO audit DO ALSO (SELECT 1; SELECT 2);
            INSERT INTO "Mixed;Case" SELECT twice(2) WHERE kind(1) = E'a\\x3bb' AND '{"a":1}'::jsonb ? 'a';
            """);

        assertThat(database.query("SELECT \"a\"\"b\" FROM \"Mixed;Case\"")).containsExactly("4");
        assertThat(database.value("SELECT braces FROM \"Mixed;Case\"")).isEqualTo("{d '2020-01-01'}");
    }

    @Test
    void aDumpIsAppliedAsItIs() throws Exception {
        var dump = """
            --
            -- PostgreSQL database dump
            --

            \\restrict 8Xb2kQ

            -- Dumped from database version 18.0

            SET statement_timeout = 0;
            SET lock_timeout = 0;
            SET idle_in_transaction_session_timeout = 0;
            SET transaction_timeout = 0;
            SET client_encoding = 'UTF8';
            SET standard_conforming_strings = on;
            SELECT pg_catalog.set_config('search_path', '', false);
            SET check_function_bodies = false;
            SET xmloption = content;
            SET client_min_messages = warning;
            SET row_security = off;
            SET default_tablespace = '';
            SET default_table_access_method = heap;

            CREATE TABLE public.users (id bigint NOT NULL, name text DEFAULT 'x;y'::text);
            ALTER TABLE public.users OWNER TO postgres;
            COMMENT ON TABLE public.users IS 'It''s; a table';
            INSERT INTO public.users (id, name) VALUES (1, E'a\\'b;');
            ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);

            \\unrestrict 8Xb2kQ
            """;
        // A dump is of its server's own version: older ones do not know each setting.
        boolean isOld = Integer.parseInt(database.value("SHOW server_version_num")) < 170000;
        migrations.schema("m", isOld ? dump.replace("SET transaction_timeout = 0;", "") : dump);

        assertThat(database.query("SELECT name FROM users")).containsExactly("a'b;");
        assertThat(migrations.ledger("m")).containsExactly("applied", "step 1 done");
    }

    @Test
    void oneTransactionAroundAFileIsTheStepsOwn() throws Exception {
        var failure = migrations.failing("m", "BEGIN;\nCREATE TABLE a (n int);\nCREATE TABLE a (n int);\nCOMMIT;");

        assertThat(failure).hasMessageContaining("step 1, line 3, column 1");
        assertThat(database.query("SELECT 1 FROM pg_tables WHERE tablename = 'a'"))
                .isEmpty();
        assertThat(migrations
                        .schema("m", "BEGIN;\nCREATE TABLE a (n int);\nCOMMIT;")
                        .reason())
                .isEqualTo(Reason.Applied);
    }
}
