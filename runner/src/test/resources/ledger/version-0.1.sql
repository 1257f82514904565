-- A ledger as version 0.1 of the runner wrote it: its tables, its rows, and the tables that the migrations made.
CREATE SCHEMA cairn;
CREATE TABLE cairn.version (version integer NOT NULL);
CREATE TABLE cairn.migration (
    scope text, kind text, name text,
    state text NOT NULL CHECK (state IN ('running', 'applied', 'failed')),
    checksum text NOT NULL,
    token uuid NOT NULL,
    attempts integer NOT NULL,
    started timestamptz NOT NULL,
    finished timestamptz,
    image text, error text, worker text,
    worker_pid integer, worker_backend_start timestamptz,
    estimated_rows bigint,
    PRIMARY KEY (scope, kind, name)) WITH (fillfactor = 50);
CREATE TABLE cairn.step (
    scope text, kind text, name text, ordinal integer,
    step_name text NOT NULL,
    checksum text NOT NULL,
    state text NOT NULL CHECK (state IN ('started', 'done')),
    started timestamptz NOT NULL,
    finished timestamptz,
    note text,
    PRIMARY KEY (scope, kind, name, ordinal),
    FOREIGN KEY (scope, kind, name) REFERENCES cairn.migration ON DELETE CASCADE);
CREATE TABLE cairn.walk (
    scope text, kind text, name text,
    over_json text NOT NULL,
    statement text,
    relation text NOT NULL,
    relation_oid oid,
    ledger_oid oid NOT NULL,
    key_columns text[] NOT NULL,
    key_types text[] NOT NULL,
    key_collations text[] NOT NULL,
    collation_versions text[] NOT NULL,
    earlier_walks integer NOT NULL DEFAULT 0,
    earlier_rows bigint NOT NULL DEFAULT 0,
    earlier_idle boolean NOT NULL DEFAULT false,
    PRIMARY KEY (scope, kind, name),
    FOREIGN KEY (scope, kind, name) REFERENCES cairn.migration ON DELETE CASCADE);
CREATE TABLE cairn.range (
    scope text, kind text, name text, ordinal integer,
    from_key text[], to_key text[], cursor text[],
    window_ends text[], stripes integer, stripes_done integer, stripe_cursor text[],
    rows bigint NOT NULL DEFAULT 0,
    walked bigint NOT NULL DEFAULT 0,
    skipped bigint NOT NULL DEFAULT 0,
    batches bigint NOT NULL DEFAULT 0,
    worker_pid integer, worker_backend_start timestamptz,
    state text NOT NULL CHECK (state IN ('open', 'done')),
    token uuid NOT NULL,
    updated timestamptz NOT NULL,
    PRIMARY KEY (scope, kind, name, ordinal),
    FOREIGN KEY (scope, kind, name) REFERENCES cairn.migration ON DELETE CASCADE) WITH (fillfactor = 10);
CREATE TABLE cairn.listed (
    scope text, kind text, name text, ordinal bigint,
    key text[] NOT NULL,
    PRIMARY KEY (scope, kind, name, ordinal));
CREATE TABLE cairn.skipped (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    scope text NOT NULL, kind text NOT NULL, name text NOT NULL,
    key text[] NOT NULL,
    sqlstate text NOT NULL,
    message text NOT NULL);
CREATE TABLE cairn.event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    scope text NOT NULL, kind text NOT NULL, name text NOT NULL,
    event text NOT NULL, worker text, detail text);
INSERT INTO cairn.version VALUES (1);
CREATE TABLE cairn.checkpoint (
    scope text, kind text, name text,
    token uuid NOT NULL,
    cursor text,
    rows bigint NOT NULL DEFAULT 0,
    estimated_rows bigint,
    commits bigint NOT NULL DEFAULT 0,
    updated timestamptz NOT NULL,
    PRIMARY KEY (scope, kind, name),
    FOREIGN KEY (scope, kind, name) REFERENCES cairn.migration ON DELETE CASCADE) WITH (fillfactor = 10);
CREATE FUNCTION cairn.checkpoint(
    migration text, token text, expected text, cursor text,
    rows bigint DEFAULT 0, estimated_rows bigint DEFAULT NULL)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $checkpoint$
DECLARE
    place constant text := nullif($3, '');
    found_at text;
BEGIN
    IF coalesce($4, '') = '' THEN
        RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'cursor: the place that was reached, not null and not empty';
    END IF;
    IF $5 < 0 OR $6 < 0 THEN
        RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'rows, estimated_rows: 0 or more';
    END IF;
    UPDATE cairn.checkpoint AS c
       SET cursor = $4, rows = c.rows + coalesce($5, 0), estimated_rows = coalesce($6, c.estimated_rows),
           commits = c.commits + 1, updated = clock_timestamp()
     WHERE c.scope = split_part($1, '/', 1) AND c.kind = split_part($1, '/', 2) AND c.name = split_part($1, '/', 3)
       AND c.token = $2::uuid AND c.cursor IS NOT DISTINCT FROM place;
    IF FOUND THEN RETURN; END IF;
    SELECT coalesce(c.cursor, '') INTO found_at FROM cairn.checkpoint AS c
     WHERE c.scope = split_part($1, '/', 1) AND c.kind = split_part($1, '/', 2) AND c.name = split_part($1, '/', 3)
       AND c.token = $2::uuid;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'MC002',
            MESSAGE = 'the checkpoint of ' || $1 || ' was moved by another transaction',
            DETAIL = 'It is at "' || found_at || '", not at "' || coalesce(place, '') || '".',
            HINT = 'Roll back and end with an error: the next start goes on from CAIRN_CHECKPOINT.';
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'MC001',
        MESSAGE = 'another start has taken over ' || coalesce($1, 'the migration') || ', or it is over',
        HINT = 'Roll back and end with an error. CAIRN_MIGRATION and CAIRN_TOKEN are valid for one start.';
END $checkpoint$;
DELETE FROM cairn.version;
CREATE TABLE t (id bigint PRIMARY KEY, a int NOT NULL DEFAULT 0, b int NOT NULL DEFAULT 0, c int NOT NULL DEFAULT 0, mood text);
CREATE INDEX t_mood ON t (mood);
CREATE INDEX t_a ON t (a);
CREATE TABLE u (id int);
CREATE INDEX u_id ON u (id);
CREATE TABLE v (id int);
CREATE TABLE w (id int);
CREATE TABLE w2 (id int);
INSERT INTO t (id, a, b, c, mood) VALUES
(1, 1, 1, 1, 'fine'),
(2, 1, 1, 1, 'fine'),
(3, 1, 1, 1, 'fine'),
(4, 1, 1, 1, 'fine'),
(5, 1, 1, 1, 'fine'),
(6, 1, 1, 1, 'fine'),
(7, 1, 1, 1, 'fine'),
(8, 1, 1, 1, 'fine'),
(9, 1, 1, 1, 'fine'),
(10, 1, 1, 1, 'fine'),
(11, 1, 1, 1, 'fine'),
(12, 1, 1, 1, 'fine'),
(13, 1, 1, 1, 'fine'),
(14, 1, 1, 1, 'fine'),
(15, 1, 1, 1, 'fine'),
(16, 1, 1, 1, 'fine'),
(17, 1, 1, 1, 'fine'),
(18, 1, 1, 1, 'fine'),
(19, 1, 1, 1, 'fine'),
(20, 1, 1, 1, 'fine'),
(21, 1, 1, 1, 'fine'),
(22, 1, 1, 1, 'fine'),
(23, 1, 1, 1, 'fine'),
(24, 1, 1, 1, 'fine'),
(25, 1, 1, 1, 'fine'),
(26, 1, 1, 1, 'fine'),
(27, 1, 1, 1, 'fine'),
(28, 1, 1, 1, 'fine'),
(29, 1, 1, 1, 'fine'),
(30, 1, 1, 1, 'fine'),
(31, 1, 1, 1, 'fine'),
(32, 1, 1, 1, 'fine'),
(33, 1, 1, 1, 'fine'),
(34, 1, 1, 1, 'fine'),
(35, 1, 1, 1, 'fine'),
(36, 1, 1, 1, 'fine'),
(37, 1, 1, 1, 'fine'),
(38, 1, 1, 1, 'fine'),
(39, 1, 1, 1, 'fine'),
(40, 1, 1, 1, 'fine'),
(41, 1, 1, 1, 'fine'),
(42, 1, 1, 1, 'fine'),
(43, 1, 1, 1, 'fine'),
(44, 1, 1, 1, 'fine'),
(45, 1, 1, 1, 'fine'),
(46, 1, 1, 1, 'fine'),
(47, 1, 1, 1, 'fine'),
(48, 1, 1, 1, 'fine'),
(49, 1, 1, 1, 'fine'),
(50, 1, 1, 1, 'fine'),
(51, 1, 1, 1, 'fine'),
(52, 1, 1, 1, 'fine'),
(53, 1, 1, 1, 'fine'),
(54, 1, 1, 1, 'fine'),
(55, 1, 1, 1, 'fine'),
(56, 1, 1, 1, 'fine'),
(57, 1, 1, 1, 'fine'),
(58, 1, 1, 1, 'fine'),
(59, 1, 1, 1, 'fine'),
(60, 1, 1, 1, 'fine'),
(61, 1, 1, 1, 'fine'),
(62, 1, 1, 1, 'fine'),
(63, 1, 1, 1, 'fine'),
(64, 1, 1, 1, 'fine'),
(65, 1, 1, 1, 'fine'),
(66, 1, 1, 1, 'fine'),
(67, 1, 1, 1, 'fine'),
(68, 1, 1, 1, 'fine'),
(69, 1, 1, 1, 'fine'),
(70, 1, 1, 1, 'fine'),
(71, 1, 1, 1, 'fine'),
(72, 1, 1, 1, 'fine'),
(73, 1, 1, 1, 'fine'),
(74, 1, 1, 1, 'fine'),
(75, 1, 1, 1, 'fine'),
(76, 1, 1, 1, 'fine'),
(77, 1, 1, 1, 'fine'),
(78, 1, 1, 1, 'fine'),
(79, 1, 1, 1, 'fine'),
(80, 1, 1, 1, 'fine'),
(81, 1, 1, 1, 'fine'),
(82, 1, 1, 1, 'fine'),
(83, 1, 1, 1, 'fine'),
(84, 1, 1, 1, 'fine'),
(85, 1, 1, 1, 'fine'),
(86, 1, 1, 1, 'fine'),
(87, 1, 1, 1, 'fine'),
(88, 1, 1, 1, 'fine'),
(89, 1, 1, 1, 'fine'),
(90, 1, 1, 1, 'fine'),
(91, 1, 1, 1, 'fine'),
(92, 1, 1, 1, 'fine'),
(93, 1, 1, 1, 'fine'),
(94, 1, 1, 1, 'fine'),
(95, 1, 1, 1, 'fine'),
(96, 1, 1, 1, 'fine'),
(97, 1, 1, 1, 'fine'),
(98, 1, 1, 1, 'fine'),
(99, 1, 1, 1, 'fine'),
(100, 1, 1, 1, 'fine'),
(101, 1, 1, 1, 'fine'),
(102, 1, 1, 1, 'fine'),
(103, 1, 1, 1, 'fine'),
(104, 1, 1, 1, 'fine'),
(105, 1, 1, 1, 'fine'),
(106, 1, 1, 1, 'fine'),
(107, 1, 1, 1, 'fine'),
(108, 1, 1, 1, 'fine'),
(109, 1, 1, 1, 'fine'),
(110, 1, 1, 1, 'fine'),
(111, 1, 0, 1, 'fine'),
(112, 1, 0, 1, 'fine'),
(113, 1, 0, 1, 'fine'),
(114, 1, 0, 1, 'fine'),
(115, 1, 0, 1, 'fine'),
(116, 1, 0, 1, 'fine'),
(117, 1, 0, 1, 'fine'),
(118, 1, 0, 1, 'fine'),
(119, 1, 0, 1, 'fine'),
(120, 1, 0, 1, 'fine'),
(121, 1, 0, 1, 'fine'),
(122, 1, 0, 1, 'fine'),
(123, 1, 0, 1, 'fine'),
(124, 1, 0, 1, 'fine'),
(125, 1, 0, 1, 'fine'),
(126, 1, 0, 1, 'fine'),
(127, 1, 0, 1, 'fine'),
(128, 1, 0, 1, 'fine'),
(129, 1, 0, 1, 'fine'),
(130, 1, 0, 1, 'fine'),
(131, 1, 0, 1, 'fine'),
(132, 1, 0, 1, 'fine'),
(133, 1, 0, 1, 'fine'),
(134, 1, 0, 1, 'fine'),
(135, 1, 0, 1, 'fine'),
(136, 1, 0, 1, 'fine'),
(137, 1, 0, 1, 'fine'),
(138, 1, 0, 1, 'fine'),
(139, 1, 0, 1, 'fine'),
(140, 1, 0, 1, 'fine'),
(141, 1, 0, 1, 'fine'),
(142, 1, 0, 1, 'fine'),
(143, 1, 0, 1, 'fine'),
(144, 1, 0, 1, 'fine'),
(145, 1, 0, 1, 'fine'),
(146, 1, 0, 1, 'fine'),
(147, 1, 0, 1, 'fine'),
(148, 1, 0, 1, 'fine'),
(149, 1, 0, 1, 'fine'),
(150, 1, 0, 1, 'fine'),
(151, 1, 0, 1, 'fine'),
(152, 1, 0, 1, 'fine'),
(153, 1, 0, 1, 'fine'),
(154, 1, 0, 1, 'fine'),
(155, 1, 0, 1, 'fine'),
(156, 1, 0, 1, 'fine'),
(157, 1, 0, 1, 'fine'),
(158, 1, 0, 1, 'fine'),
(159, 1, 0, 1, 'fine'),
(160, 1, 0, 1, 'fine'),
(161, 1, 0, 1, 'fine'),
(162, 1, 0, 1, 'fine'),
(163, 1, 0, 1, 'fine'),
(164, 1, 0, 1, 'fine'),
(165, 1, 0, 1, 'fine'),
(166, 1, 0, 1, 'fine'),
(167, 1, 0, 1, 'fine'),
(168, 1, 0, 1, 'fine'),
(169, 1, 0, 1, 'fine'),
(170, 1, 0, 1, 'fine'),
(171, 1, 0, 1, 'fine'),
(172, 1, 0, 1, 'fine'),
(173, 1, 0, 1, 'fine'),
(174, 1, 0, 1, 'fine'),
(175, 1, 0, 1, 'fine'),
(176, 1, 0, 1, 'fine'),
(177, 1, 0, 1, 'fine'),
(178, 1, 0, 1, 'fine'),
(179, 1, 0, 1, 'fine'),
(180, 1, 0, 1, 'fine'),
(181, 1, 0, 1, 'fine'),
(182, 1, 0, 1, 'fine'),
(183, 1, 0, 1, 'fine'),
(184, 1, 0, 1, 'fine'),
(185, 1, 0, 1, 'fine'),
(186, 1, 0, 1, 'fine'),
(187, 1, 0, 1, 'fine'),
(188, 1, 0, 1, 'fine'),
(189, 1, 0, 1, 'fine'),
(190, 1, 0, 1, 'fine'),
(191, 1, 0, 0, 'fine'),
(192, 1, 0, 0, 'fine'),
(193, 1, 0, 0, 'fine'),
(194, 1, 0, 0, 'fine'),
(195, 1, 0, 0, 'fine'),
(196, 1, 0, 0, 'fine'),
(197, 1, 0, 0, 'fine'),
(198, 1, 0, 0, 'fine'),
(199, 1, 0, 0, 'fine'),
(200, 1, 0, 0, 'fine'),
(201, 1, 0, 0, 'fine'),
(202, 1, 0, 0, 'fine'),
(203, 1, 0, 0, 'fine'),
(204, 1, 0, 0, 'fine'),
(205, 1, 0, 0, 'fine'),
(206, 1, 0, 0, 'fine'),
(207, 1, 0, 0, 'fine'),
(208, 1, 0, 0, 'fine'),
(209, 1, 0, 0, 'fine'),
(210, 1, 0, 0, 'fine'),
(211, 1, 0, 0, 'fine'),
(212, 1, 0, 0, 'fine'),
(213, 1, 0, 0, 'fine'),
(214, 1, 0, 0, 'fine'),
(215, 1, 0, 0, 'fine'),
(216, 1, 0, 0, 'fine'),
(217, 1, 0, 0, 'fine'),
(218, 1, 0, 0, 'fine'),
(219, 1, 0, 0, 'fine'),
(220, 1, 0, 0, 'fine'),
(221, 1, 0, 0, 'fine'),
(222, 1, 0, 0, 'fine'),
(223, 1, 0, 0, 'fine'),
(224, 1, 0, 0, 'fine'),
(225, 1, 0, 0, 'fine'),
(226, 1, 0, 0, 'fine'),
(227, 1, 0, 0, 'fine'),
(228, 1, 0, 0, 'fine'),
(229, 1, 0, 0, 'fine'),
(230, 1, 0, 0, 'fine'),
(231, 1, 0, 0, 'fine'),
(232, 1, 0, 0, 'fine'),
(233, 1, 0, 0, 'fine'),
(234, 1, 0, 0, 'fine'),
(235, 1, 0, 0, 'fine'),
(236, 1, 0, 0, 'fine'),
(237, 1, 0, 0, 'fine'),
(238, 1, 0, 0, 'fine'),
(239, 1, 0, 0, 'fine'),
(240, 1, 0, 0, 'fine'),
(241, 1, 0, 0, 'fine'),
(242, 1, 0, 0, 'fine'),
(243, 1, 0, 0, 'fine'),
(244, 1, 0, 0, 'fine'),
(245, 1, 0, 0, 'fine'),
(246, 1, 0, 0, 'fine'),
(247, 1, 0, 0, 'fine'),
(248, 1, 0, 0, 'fine'),
(249, 1, 0, 0, 'fine'),
(250, 1, 0, 0, 'fine'),
(251, 1, 0, 0, 'fine'),
(252, 1, 0, 0, 'fine'),
(253, 1, 0, 0, 'fine'),
(254, 1, 0, 0, 'fine'),
(255, 1, 0, 0, 'fine'),
(256, 1, 0, 0, 'fine'),
(257, 1, 0, 0, 'fine'),
(258, 1, 0, 0, 'fine'),
(259, 1, 0, 0, 'fine'),
(260, 1, 0, 0, 'fine'),
(261, 1, 0, 0, 'fine'),
(262, 1, 0, 0, 'fine'),
(263, 1, 0, 0, 'fine'),
(264, 1, 0, 0, 'fine'),
(265, 1, 0, 0, 'fine'),
(266, 1, 0, 0, 'fine'),
(267, 1, 0, 0, 'fine'),
(268, 1, 0, 0, 'fine'),
(269, 1, 0, 0, 'fine'),
(270, 1, 0, 0, 'fine'),
(271, 1, 0, 0, 'fine'),
(272, 1, 0, 0, 'fine'),
(273, 1, 0, 0, 'fine'),
(274, 1, 0, 0, 'fine'),
(275, 1, 0, 0, 'fine'),
(276, 1, 0, 0, 'fine'),
(277, 1, 0, 0, 'fine'),
(278, 1, 0, 0, 'fine'),
(279, 1, 0, 0, 'fine'),
(280, 1, 0, 0, 'fine'),
(281, 1, 0, 0, 'fine'),
(282, 1, 0, 0, 'fine'),
(283, 1, 0, 0, 'fine'),
(284, 1, 0, 0, 'fine'),
(285, 1, 0, 0, 'fine'),
(286, 1, 0, 0, 'fine'),
(287, 1, 0, 0, 'fine'),
(288, 1, 0, 0, 'fine'),
(289, 1, 0, 0, 'fine'),
(290, 1, 0, 0, 'fine'),
(291, 1, 0, 0, 'fine'),
(292, 1, 0, 0, 'fine'),
(293, 1, 0, 0, 'fine'),
(294, 1, 0, 0, 'fine'),
(295, 1, 0, 0, 'fine'),
(296, 1, 0, 0, 'fine'),
(297, 1, 0, 0, 'fine'),
(298, 1, 0, 0, 'fine'),
(299, 1, 0, 0, 'fine'),
(300, 1, 0, 0, 'fine');
INSERT INTO cairn.version OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.version, '{"version": 1}');
INSERT INTO cairn.migration OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.migration, '{"kind": "DataMigration", "name": "backfill-done", "error": null, "image": "runner:test", "scope": "shop", "state": "applied", "token": "313eedc8-2c2e-4fb8-99e7-0e93790cd0ba", "worker": "pod-1", "started": "2026-11-24T21:39:43.987863+00:00", "attempts": 1, "checksum": "sha256:e87c7c285d3440f96158e545f6159cfc6669921cc57a9d5844de3329d446a1a6", "finished": "2026-11-24T21:39:44.931645+00:00", "worker_pid": 32010, "estimated_rows": 300, "worker_backend_start": "2026-11-24T21:39:43.95908+00:00"}');
INSERT INTO cairn.migration OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.migration, '{"kind": "DataMigration", "name": "backfill-failed", "error": "sql, in the row 200 of public.t: division by zero", "image": "runner:test", "scope": "shop", "state": "failed", "token": "8e2cda4f-81e8-4ce9-b05b-545056226905", "worker": "pod-1", "started": "2026-11-24T21:39:45.025799+00:00", "attempts": 1, "checksum": "sha256:bfb093058f4e6147dd25c70c15a4d1f487aaa786a32b17c94f3ce645bb3e17de", "finished": "2026-11-24T21:39:45.423767+00:00", "worker_pid": 32037, "estimated_rows": 450, "worker_backend_start": "2026-11-24T21:39:44.999172+00:00"}');
INSERT INTO cairn.migration OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.migration, '{"kind": "DataMigration", "name": "backfill-half", "error": null, "image": "none", "scope": "shop", "state": "running", "token": "cf4752c9-94e4-4246-8ddf-176ba82457a7", "worker": "pod-half", "started": "2026-11-24T21:39:48.008465+00:00", "attempts": 1, "checksum": "sha256:a3c10c163ff63af85dfdc7335f56e20242dfd0b9012ddd77eb566a27df4a6fcc", "finished": null, "worker_pid": 32188, "estimated_rows": 900, "worker_backend_start": "2026-11-24T21:39:47.908148+00:00"}');
INSERT INTO cairn.migration OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.migration, '{"kind": "DataMigration", "name": "container-done", "error": null, "image": "none", "scope": "shop", "state": "applied", "token": "3620144e-a90e-45fa-9791-d81bdfb9acd3", "worker": "pod-c", "started": "2026-11-24T21:39:52.431724+00:00", "attempts": 1, "checksum": "sha256:80fdb982bd361167c6f9dc41d3497bc60ac366e3b2009544a882a59efadb300e", "finished": "2026-11-24T21:39:53.572511+00:00", "worker_pid": 32413, "estimated_rows": null, "worker_backend_start": "2026-11-24T21:39:52.35482+00:00"}');
INSERT INTO cairn.migration OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.migration, '{"kind": "DataMigration", "name": "container-half", "error": null, "image": "none", "scope": "shop", "state": "running", "token": "9d59a81e-7b50-4374-8947-f4320019dc96", "worker": "pod-c", "started": "2026-11-24T21:39:54.688841+00:00", "attempts": 1, "checksum": "sha256:8726407862029854ad28bdb2c7f883fcb5c439f69009d284d23b7e66fea470d1", "finished": null, "worker_pid": 32495, "estimated_rows": null, "worker_backend_start": "2026-11-24T21:39:54.597871+00:00"}');
INSERT INTO cairn.migration OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.migration, '{"kind": "DataMigration", "name": "once-done", "error": null, "image": "runner:test", "scope": "shop", "state": "applied", "token": "1c754d07-a53b-4963-ad7f-ba456a65d028", "worker": "pod-1", "started": "2026-11-24T21:39:45.532316+00:00", "attempts": 1, "checksum": "sha256:e21a664dc6c868b7ce3c0b5ffe704401bb51ea85eb26efaefe86331f1df186eb", "finished": "2026-11-24T21:39:45.728932+00:00", "worker_pid": 32059, "estimated_rows": null, "worker_backend_start": "2026-11-24T21:39:45.557731+00:00"}');
INSERT INTO cairn.migration OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.migration, E'{"kind": "DataMigration", "name": "once-failed", "error": "sql, line 1, column 29 at \\"UPDATE t SET mood = ''fine'', nonsense = 1\\": column \\"nonsense\\" of relation \\"t\\" does not exist", "image": "runner:test", "scope": "shop", "state": "failed", "token": "e85284c6-ad5a-4ee1-9d55-c549f79e2644", "worker": "pod-1", "started": "2026-11-24T21:39:45.866283+00:00", "attempts": 1, "checksum": "sha256:e466c00e40d9dd1ff30c2ebfffa86836eeaf0c7cdcd1b23a47dcc5cf3f3d8553", "finished": "2026-11-24T21:39:45.970351+00:00", "worker_pid": 32067, "estimated_rows": null, "worker_backend_start": "2026-11-24T21:39:45.787536+00:00"}');
INSERT INTO cairn.migration OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.migration, '{"kind": "SchemaMigration", "name": "create", "error": null, "image": "runner:test", "scope": "shop", "state": "applied", "token": "f7c89410-0c31-471d-a4fc-a35dbb85f845", "worker": "pod-1", "started": "2026-11-24T21:39:43.308624+00:00", "attempts": 1, "checksum": "sha256:127f1fbd85164dbc42c454e0fa167b6008935b0ac4529beb978dc44df7d11731", "finished": "2026-11-24T21:39:43.783879+00:00", "worker_pid": 31998, "estimated_rows": null, "worker_backend_start": "2026-11-24T21:39:43.740243+00:00"}');
INSERT INTO cairn.migration OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.migration, E'{"kind": "SchemaMigration", "name": "schema-failed", "error": "step 2, part 3 of 3, line 3, column 8 at \\"SELECT nonsense\\": column \\"nonsense\\" does not exist", "image": "runner:test", "scope": "shop", "state": "failed", "token": "02e8c967-8f29-4b41-b23a-23477eb034f4", "worker": "pod-1", "started": "2026-11-24T21:39:46.16969+00:00", "attempts": 1, "checksum": "sha256:5b49c36250274c6744126cb54824764b1fc98474a961c8b16e4d49eb7591a556", "finished": "2026-11-24T21:39:46.363897+00:00", "worker_pid": 32125, "estimated_rows": null, "worker_backend_start": "2026-11-24T21:39:46.247436+00:00"}');
INSERT INTO cairn.migration OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.migration, '{"kind": "SchemaMigration", "name": "schema-half", "error": null, "image": "none", "scope": "shop", "state": "running", "token": "faeec258-00b0-47e8-adb5-0a427326589f", "worker": "pod-index", "started": "2026-11-24T21:39:50.579109+00:00", "attempts": 1, "checksum": "sha256:261b7353f0d6d84e79acff1d5b8f2d727cf6684b60da06d1f2c68f3a59cfd713", "finished": null, "worker_pid": 32348, "estimated_rows": null, "worker_backend_start": "2026-11-24T21:39:50.786645+00:00"}');
INSERT INTO cairn.step OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.step, '{"kind": "DataMigration", "name": "once-done", "note": null, "scope": "shop", "state": "done", "ordinal": 1, "started": "2026-11-24T21:39:45.602999+00:00", "checksum": "sha256:41053e31d769957aec18a48c9f5acb27a080481bfb87f6fb0aaa5231a2a8d2c1", "finished": "2026-11-24T21:39:45.602999+00:00", "step_name": "sql"}');
INSERT INTO cairn.step OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.step, '{"kind": "SchemaMigration", "name": "create", "note": null, "scope": "shop", "state": "done", "ordinal": 1, "started": "2026-11-24T21:39:43.400617+00:00", "checksum": "sha256:828ce6ba9e2b8ce68df2cf6c136a368b5ff350ee27d8120f97f9dcff5c5ba386", "finished": "2026-11-24T21:39:43.400617+00:00", "step_name": "step 1"}');
INSERT INTO cairn.step OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.step, '{"kind": "SchemaMigration", "name": "create", "note": null, "scope": "shop", "state": "done", "ordinal": 2, "started": "2026-11-24T21:39:43.438576+00:00", "checksum": "sha256:b8101eeb57532f393c290af0066c152e784d2bc02bc513050343a34c11bac75f", "finished": "2026-11-24T21:39:43.438576+00:00", "step_name": "step 2, part 1 of 3"}');
INSERT INTO cairn.step OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.step, '{"kind": "SchemaMigration", "name": "create", "note": "absent before: public.t_mood", "scope": "shop", "state": "done", "ordinal": 3, "started": "2026-11-24T21:39:43.542541+00:00", "checksum": "sha256:b610ea89a159ede73a44c1a0a4720830322632967952c45fa9a97d0f52d6a4c7", "finished": "2026-11-24T21:39:43.580374+00:00", "step_name": "step 2, part 2 of 3"}');
INSERT INTO cairn.step OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.step, '{"kind": "SchemaMigration", "name": "create", "note": null, "scope": "shop", "state": "done", "ordinal": 4, "started": "2026-11-24T21:39:43.640957+00:00", "checksum": "sha256:bc4168fab0feac686c28bda813b693f2b5daf7fb1b7ab58b2809336561610c9e", "finished": "2026-11-24T21:39:43.640957+00:00", "step_name": "step 2, part 3 of 3"}');
INSERT INTO cairn.step OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.step, '{"kind": "SchemaMigration", "name": "create", "note": "absent before: public.t_a", "scope": "shop", "state": "done", "ordinal": 5, "started": "2026-11-24T21:39:43.712732+00:00", "checksum": "sha256:0fe52751da669f6f121b7f68aaa4d7dcab82daa3c79ea3f614b3289640882c86", "finished": "2026-11-24T21:39:43.730941+00:00", "step_name": "step 3"}');
INSERT INTO cairn.step OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.step, '{"kind": "SchemaMigration", "name": "create", "note": null, "scope": "shop", "state": "done", "ordinal": 6, "started": "2026-11-24T21:39:43.775545+00:00", "checksum": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "finished": "2026-11-24T21:39:43.775545+00:00", "step_name": "step 4"}');
INSERT INTO cairn.step OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.step, '{"kind": "SchemaMigration", "name": "schema-failed", "note": null, "scope": "shop", "state": "done", "ordinal": 1, "started": "2026-11-24T21:39:46.19984+00:00", "checksum": "sha256:2e2de419dc3ec0a42aa6af5f15b79df01f5c0284e5d5e253dcaaff72a53064ca", "finished": "2026-11-24T21:39:46.19984+00:00", "step_name": "step 1"}');
INSERT INTO cairn.step OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.step, '{"kind": "SchemaMigration", "name": "schema-failed", "note": null, "scope": "shop", "state": "done", "ordinal": 2, "started": "2026-11-24T21:39:46.235924+00:00", "checksum": "sha256:3ef0549a358dda736283d5990e85d68b63da5ca4c11ac2d9cefdb27b5c7c6e6a", "finished": "2026-11-24T21:39:46.235924+00:00", "step_name": "step 2, part 1 of 3"}');
INSERT INTO cairn.step OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.step, '{"kind": "SchemaMigration", "name": "schema-failed", "note": "absent before: public.u_id", "scope": "shop", "state": "done", "ordinal": 3, "started": "2026-11-24T21:39:46.271857+00:00", "checksum": "sha256:0b17d77bb55ded3b6664aeeb51bd744521c0af2d4103812ea070fbc7a5dbf55f", "finished": "2026-11-24T21:39:46.279961+00:00", "step_name": "step 2, part 2 of 3"}');
INSERT INTO cairn.step OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.step, '{"kind": "SchemaMigration", "name": "schema-half", "note": null, "scope": "shop", "state": "done", "ordinal": 1, "started": "2026-11-24T21:39:50.773275+00:00", "checksum": "sha256:2c61673a9f7ccdd9309bd753c067637cb9e2055a8a036513dc36505d50e290c2", "finished": "2026-11-24T21:39:50.773275+00:00", "step_name": "step 1"}');
INSERT INTO cairn.step OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.step, '{"kind": "SchemaMigration", "name": "schema-half", "note": "absent before: public.t_b", "scope": "shop", "state": "started", "ordinal": 2, "started": "2026-11-24T21:39:50.964236+00:00", "checksum": "sha256:a95187f9de7f81618e1dcc2edc742c4355ca0a95f8eeed0e987c931bcbbf9f7e", "finished": null, "step_name": "step 2"}');
INSERT INTO cairn.walk OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.walk, E'{"kind": "DataMigration", "name": "backfill-done", "scope": "shop", "relation": "public.t", "key_types": ["bigint"], "over_json": "{\\"as\\":\\"x\\",\\"key\\":[\\"id\\"],\\"table\\":\\"t\\"}", "statement": "UPDATE t x SET a = a + 1 WHERE :batch", "ledger_oid": "16427", "key_columns": ["id"], "earlier_idle": false, "earlier_rows": 0, "relation_oid": "16549", "earlier_walks": 0, "key_collations": [""], "collation_versions": [""]}');
INSERT INTO cairn.walk OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.walk, E'{"kind": "DataMigration", "name": "backfill-failed", "scope": "shop", "relation": "public.t", "key_types": ["bigint"], "over_json": "{\\"as\\":\\"x\\",\\"key\\":[\\"id\\"],\\"table\\":\\"t\\"}", "statement": "UPDATE t x SET c = c + 1 / (x.id - 200) + 1 - 1 / (x.id - 200) WHERE :batch", "ledger_oid": "16427", "key_columns": ["id"], "earlier_idle": false, "earlier_rows": 0, "relation_oid": "16549", "earlier_walks": 0, "key_collations": [""], "collation_versions": [""]}');
INSERT INTO cairn.walk OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.walk, E'{"kind": "DataMigration", "name": "backfill-half", "scope": "shop", "relation": "public.t", "key_types": ["bigint"], "over_json": "{\\"as\\":\\"x\\",\\"key\\":[\\"id\\"],\\"table\\":\\"t\\"}", "statement": "UPDATE t x SET b = b + 1 WHERE :batch", "ledger_oid": "16427", "key_columns": ["id"], "earlier_idle": false, "earlier_rows": 0, "relation_oid": "16549", "earlier_walks": 0, "key_collations": [""], "collation_versions": [""]}');
INSERT INTO cairn.range OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.range, '{"kind": "DataMigration", "name": "backfill-done", "rows": 300, "scope": "shop", "state": "done", "token": "313eedc8-2c2e-4fb8-99e7-0e93790cd0ba", "cursor": ["300"], "to_key": ["300"], "walked": 300, "batches": 30, "ordinal": 0, "skipped": 0, "stripes": null, "updated": "2026-11-24T21:39:44.909254+00:00", "from_key": null, "worker_pid": 32025, "window_ends": null, "stripes_done": null, "stripe_cursor": null, "worker_backend_start": "2026-11-24T21:39:44.334723+00:00"}');
INSERT INTO cairn.range OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.range, '{"kind": "DataMigration", "name": "backfill-failed", "rows": 190, "scope": "shop", "state": "open", "token": "8e2cda4f-81e8-4ce9-b05b-545056226905", "cursor": ["190"], "to_key": ["300"], "walked": 190, "batches": 19, "ordinal": 0, "skipped": 0, "stripes": null, "updated": "2026-11-24T21:39:45.289624+00:00", "from_key": null, "worker_pid": 32040, "window_ends": null, "stripes_done": null, "stripe_cursor": null, "worker_backend_start": "2026-11-24T21:39:45.103149+00:00"}');
INSERT INTO cairn.range OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.range, '{"kind": "DataMigration", "name": "backfill-half", "rows": 110, "scope": "shop", "state": "open", "token": "cf4752c9-94e4-4246-8ddf-176ba82457a7", "cursor": ["110"], "to_key": ["300"], "walked": 110, "batches": 11, "ordinal": 0, "skipped": 0, "stripes": null, "updated": "2026-11-24T21:39:49.131447+00:00", "from_key": null, "worker_pid": 32244, "window_ends": null, "stripes_done": null, "stripe_cursor": null, "worker_backend_start": "2026-11-24T21:39:48.183096+00:00"}');
INSERT INTO cairn.checkpoint OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.checkpoint, '{"kind": "DataMigration", "name": "container-done", "rows": 0, "scope": "shop", "token": "42c5545a-bda2-4a45-8947-60ca559fe99e", "cursor": null, "commits": 0, "updated": "2026-11-24T21:39:52.445526+00:00", "estimated_rows": null}');
INSERT INTO cairn.checkpoint OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.checkpoint, '{"kind": "DataMigration", "name": "container-half", "rows": 120, "scope": "shop", "token": "9d59a81e-7b50-4374-8947-f4320019dc96", "cursor": "120", "commits": 1, "updated": "2026-11-24T21:39:54.749635+00:00", "estimated_rows": 300}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:43.329244+00:00", "id": 1, "kind": "SchemaMigration", "name": "create", "event": "Started", "scope": "shop", "detail": "sha256:127f1fbd85164dbc42c454e0fa167b6008935b0ac4529beb978dc44df7d11731", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:43.4015+00:00", "id": 2, "kind": "SchemaMigration", "name": "create", "event": "StepDone", "scope": "shop", "detail": "step 1", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:43.439263+00:00", "id": 3, "kind": "SchemaMigration", "name": "create", "event": "StepDone", "scope": "shop", "detail": "step 2, part 1 of 3", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:43.546409+00:00", "id": 4, "kind": "SchemaMigration", "name": "create", "event": "StepStarted", "scope": "shop", "detail": "step 2, part 2 of 3", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:43.58387+00:00", "id": 5, "kind": "SchemaMigration", "name": "create", "event": "StepDone", "scope": "shop", "detail": "step 2, part 2 of 3", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:43.641751+00:00", "id": 6, "kind": "SchemaMigration", "name": "create", "event": "StepDone", "scope": "shop", "detail": "step 2, part 3 of 3", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:43.713712+00:00", "id": 7, "kind": "SchemaMigration", "name": "create", "event": "StepStarted", "scope": "shop", "detail": "step 3", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:43.731317+00:00", "id": 8, "kind": "SchemaMigration", "name": "create", "event": "StepDone", "scope": "shop", "detail": "step 3", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:43.779593+00:00", "id": 9, "kind": "SchemaMigration", "name": "create", "event": "StepDone", "scope": "shop", "detail": "step 4", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:43.785883+00:00", "id": 10, "kind": "SchemaMigration", "name": "create", "event": "Applied", "scope": "shop", "detail": null, "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:43.995247+00:00", "id": 11, "kind": "DataMigration", "name": "backfill-done", "event": "Started", "scope": "shop", "detail": "sha256:e87c7c285d3440f96158e545f6159cfc6669921cc57a9d5844de3329d446a1a6", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:44.257545+00:00", "id": 12, "kind": "DataMigration", "name": "backfill-done", "event": "WalkBegun", "scope": "shop", "detail": "public.t up to 300, ranges: 1", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:44.932314+00:00", "id": 13, "kind": "DataMigration", "name": "backfill-done", "event": "Applied", "scope": "shop", "detail": null, "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:45.033266+00:00", "id": 14, "kind": "DataMigration", "name": "backfill-failed", "event": "Started", "scope": "shop", "detail": "sha256:bfb093058f4e6147dd25c70c15a4d1f487aaa786a32b17c94f3ce645bb3e17de", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:45.082819+00:00", "id": 15, "kind": "DataMigration", "name": "backfill-failed", "event": "WalkBegun", "scope": "shop", "detail": "public.t up to 300, ranges: 1", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:45.424081+00:00", "id": 16, "kind": "DataMigration", "name": "backfill-failed", "event": "Failed", "scope": "shop", "detail": "sql, in the row 200 of public.t: division by zero", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:45.544427+00:00", "id": 17, "kind": "DataMigration", "name": "once-done", "event": "Started", "scope": "shop", "detail": "sha256:e21a664dc6c868b7ce3c0b5ffe704401bb51ea85eb26efaefe86331f1df186eb", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:45.607679+00:00", "id": 18, "kind": "DataMigration", "name": "once-done", "event": "StepDone", "scope": "shop", "detail": "sql", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:45.731307+00:00", "id": 19, "kind": "DataMigration", "name": "once-done", "event": "Applied", "scope": "shop", "detail": null, "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:45.87552+00:00", "id": 20, "kind": "DataMigration", "name": "once-failed", "event": "Started", "scope": "shop", "detail": "sha256:e466c00e40d9dd1ff30c2ebfffa86836eeaf0c7cdcd1b23a47dcc5cf3f3d8553", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, E'{"at": "2026-11-24T21:39:45.975756+00:00", "id": 21, "kind": "DataMigration", "name": "once-failed", "event": "Failed", "scope": "shop", "detail": "sql, line 1, column 29 at \\"UPDATE t SET mood = ''fine'', nonsense = 1\\": column \\"nonsense\\" of relation \\"t\\" does not exist", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:46.172323+00:00", "id": 22, "kind": "SchemaMigration", "name": "schema-failed", "event": "Started", "scope": "shop", "detail": "sha256:5b49c36250274c6744126cb54824764b1fc98474a961c8b16e4d49eb7591a556", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:46.201137+00:00", "id": 23, "kind": "SchemaMigration", "name": "schema-failed", "event": "StepDone", "scope": "shop", "detail": "step 1", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:46.241079+00:00", "id": 24, "kind": "SchemaMigration", "name": "schema-failed", "event": "StepDone", "scope": "shop", "detail": "step 2, part 1 of 3", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:46.272411+00:00", "id": 25, "kind": "SchemaMigration", "name": "schema-failed", "event": "StepStarted", "scope": "shop", "detail": "step 2, part 2 of 3", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:46.280171+00:00", "id": 26, "kind": "SchemaMigration", "name": "schema-failed", "event": "StepDone", "scope": "shop", "detail": "step 2, part 2 of 3", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, E'{"at": "2026-11-24T21:39:46.364609+00:00", "id": 27, "kind": "SchemaMigration", "name": "schema-failed", "event": "Failed", "scope": "shop", "detail": "step 2, part 3 of 3, line 3, column 8 at \\"SELECT nonsense\\": column \\"nonsense\\" does not exist", "worker": "pod-1"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:48.034422+00:00", "id": 28, "kind": "DataMigration", "name": "backfill-half", "event": "Started", "scope": "shop", "detail": "sha256:a3c10c163ff63af85dfdc7335f56e20242dfd0b9012ddd77eb566a27df4a6fcc", "worker": "pod-half"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:48.13474+00:00", "id": 29, "kind": "DataMigration", "name": "backfill-half", "event": "WalkBegun", "scope": "shop", "detail": "public.t up to 300, ranges: 1", "worker": "pod-half"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:50.631807+00:00", "id": 30, "kind": "SchemaMigration", "name": "schema-half", "event": "Started", "scope": "shop", "detail": "sha256:261b7353f0d6d84e79acff1d5b8f2d727cf6684b60da06d1f2c68f3a59cfd713", "worker": "pod-index"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:50.776079+00:00", "id": 31, "kind": "SchemaMigration", "name": "schema-half", "event": "StepDone", "scope": "shop", "detail": "step 1", "worker": "pod-index"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:50.966404+00:00", "id": 32, "kind": "SchemaMigration", "name": "schema-half", "event": "StepStarted", "scope": "shop", "detail": "step 2", "worker": "pod-index"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:52.441565+00:00", "id": 33, "kind": "DataMigration", "name": "container-done", "event": "Started", "scope": "shop", "detail": "sha256:80fdb982bd361167c6f9dc41d3497bc60ac366e3b2009544a882a59efadb300e", "worker": "pod-c"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:53.580757+00:00", "id": 34, "kind": "DataMigration", "name": "container-done", "event": "Applied", "scope": "shop", "detail": null, "worker": "pod-c"}');
INSERT INTO cairn.event OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::cairn.event, '{"at": "2026-11-24T21:39:54.716053+00:00", "id": 35, "kind": "DataMigration", "name": "container-half", "event": "Started", "scope": "shop", "detail": "sha256:8726407862029854ad28bdb2c7f883fcb5c439f69009d284d23b7e66fea470d1", "worker": "pod-c"}');
SELECT setval(pg_get_serial_sequence('cairn.event', 'id'), (SELECT max(id) FROM cairn.event));
