/// The newest schema as text, so that no change of it goes unseen.
enum SchemaText {
    static let newest = """
        CREATE TABLE job (
            id INTEGER PRIMARY KEY,
            uuid TEXT NOT NULL,
            parent_id INTEGER,
            of_step INTEGER,
            root_id INTEGER NOT NULL,
            kind TEXT NOT NULL,
            target_type TEXT NOT NULL,
            target_name TEXT NOT NULL,
            user TEXT NOT NULL,
            account TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            retry_of INTEGER,
            created_at INTEGER NOT NULL,
            key TEXT,
            weight INTEGER NOT NULL,
            state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 13),
            progress INTEGER NOT NULL CHECK (progress BETWEEN 0 AND 100),
            waiting_reason TEXT,
            waiting_on TEXT,
            waiting_since INTEGER,
            cause TEXT,
            rollback TEXT,
            backend TEXT,
            code_domain TEXT,
            code_number INTEGER,
            code_name TEXT,
            message TEXT NOT NULL,
            priority INTEGER NOT NULL,
            lane TEXT NOT NULL,
            fence INTEGER NOT NULL,
            due_at INTEGER,
            started_at INTEGER,
            finished_at INTEGER,
            updated_at INTEGER NOT NULL,
            stop_level TEXT,
            stop_by TEXT,
            stop_at INTEGER,
            stop_reason TEXT,
            child_count INTEGER NOT NULL,
            parameters TEXT,
            is_planned INTEGER NOT NULL,
            current_step INTEGER NOT NULL,
            wake_at INTEGER,
            children_made INTEGER NOT NULL,
            children_unfinished INTEGER NOT NULL,
            children_active INTEGER NOT NULL,
            children_failed INTEGER NOT NULL,
            children_progress INTEGER NOT NULL,
            prerequisites INTEGER NOT NULL,
            lock_wait INTEGER,
            rollback_policy TEXT,
            has_warning INTEGER NOT NULL,
            probes INTEGER NOT NULL,
            resume_at INTEGER,
            results TEXT,
            undo_failures INTEGER NOT NULL,
            extra TEXT, schedule TEXT, queue TEXT, rank INTEGER, \
        attention INTEGER CHECK (attention IN (1, 2)),
            CHECK (state < 10 OR children_unfinished = 0)
        ) STRICT
        CREATE UNIQUE INDEX job_uuid ON job (uuid)
        CREATE UNIQUE INDEX job_key ON job (key) WHERE key IS NOT NULL
        CREATE INDEX job_state ON job (state)
        CREATE INDEX job_wake ON job (wake_at)
            WHERE wake_at IS NOT NULL AND state < 10
        CREATE INDEX job_dependent ON job (prerequisites)
            WHERE prerequisites > 0 AND state < 10
        CREATE INDEX job_parent ON job (parent_id) WHERE parent_id IS NOT NULL
        CREATE TRIGGER job_moves BEFORE UPDATE OF state ON job
        WHEN OLD.state <> NEW.state
            AND NOT (((CASE OLD.state WHEN 0 THEN 16382 WHEN 1 THEN 16382 WHEN 2 THEN 16382 \
        WHEN 3 THEN 16382 WHEN 4 THEN 16382 WHEN 5 THEN 16382 WHEN 6 THEN 16382 WHEN 7 THEN \
        16382 WHEN 8 THEN 16382 WHEN 9 THEN 16382 ELSE 0 END) >> NEW.state) & 1)
        BEGIN
            SELECT RAISE(FAIL, 'a job cannot reach that state from where it is');
        END
        CREATE TABLE step (
            job INTEGER NOT NULL,
            number INTEGER NOT NULL,
            name TEXT NOT NULL,
            verb TEXT,
            subject TEXT,
            planned_lane TEXT,
            parameters TEXT,
            children TEXT,
            undo_verb TEXT,
            undo_subject TEXT,
            undo_lane TEXT,
            undo_parameters TEXT,
            weight INTEGER NOT NULL,
            flags INTEGER NOT NULL,
            retry_attempts INTEGER,
            retry_base INTEGER,
            retry_limit INTEGER,
            retry_from INTEGER,
            stall_after INTEGER,
            state INTEGER NOT NULL,
            undo INTEGER NOT NULL,
            operation TEXT NOT NULL,
            lane TEXT NOT NULL,
            fence INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            undo_attempts INTEGER NOT NULL,
            progress INTEGER NOT NULL,
            message TEXT NOT NULL,
            code_domain TEXT,
            code_number INTEGER,
            code_name TEXT,
            started_at INTEGER,
            finished_at INTEGER, slots INTEGER, limits TEXT, taken INTEGER, held TEXT, \
        details TEXT, time_limit INTEGER,
            PRIMARY KEY (job, number)
        ) STRICT, WITHOUT ROWID
        CREATE TABLE result (
            job INTEGER PRIMARY KEY,
            json TEXT NOT NULL
        ) STRICT
        CREATE TABLE dependency (
            prerequisite INTEGER NOT NULL,
            job INTEGER NOT NULL,
            PRIMARY KEY (prerequisite, job)
        ) STRICT, WITHOUT ROWID
        CREATE INDEX dependency_job ON dependency (job)
        CREATE TABLE ticket (
            number INTEGER PRIMARY KEY,
            resource TEXT NOT NULL,
            scope INTEGER NOT NULL,
            job INTEGER NOT NULL,
            is_exclusive INTEGER NOT NULL,
            is_granted INTEGER NOT NULL,
            since INTEGER NOT NULL
        ) STRICT
        CREATE INDEX ticket_resource ON ticket (resource, scope)
        CREATE INDEX ticket_job ON ticket (job)
        CREATE INDEX ticket_waiting ON ticket (resource, scope) WHERE is_granted = 0
        CREATE TABLE journal (
            sequence INTEGER PRIMARY KEY,
            job INTEGER NOT NULL,
            at INTEGER NOT NULL,
            from_state INTEGER,
            to_state INTEGER NOT NULL,
            actor TEXT NOT NULL,
            cause TEXT NOT NULL,
            CHECK (((CASE coalesce(from_state, -1) WHEN -1 THEN 1 WHEN 0 THEN 12291 WHEN 1 THEN \
        12678 WHEN 2 THEN 5102 WHEN 3 THEN 4602 WHEN 4 THEN 4602 WHEN 5 THEN 8160 WHEN 6 THEN \
        13280 WHEN 7 THEN 13186 WHEN 8 THEN 13184 WHEN 9 THEN 13286 WHEN 10 THEN 1024 WHEN 11 \
        THEN 2048 WHEN 12 THEN 4096 WHEN 13 THEN 8192 ELSE 0 END) >> to_state) & 1)
        ) STRICT
        CREATE INDEX journal_job ON journal (job)
        CREATE TABLE maintenance (reason TEXT NOT NULL) STRICT
        CREATE TRIGGER journal_is_not_changed BEFORE UPDATE ON journal
        BEGIN
            SELECT RAISE(FAIL, 'the journal is never changed');
        END
        CREATE TRIGGER journal_is_not_removed BEFORE DELETE ON journal
        WHEN NOT EXISTS (SELECT 1 FROM maintenance)
        BEGIN
            SELECT RAISE(FAIL, 'the journal is never changed');
        END
        CREATE TABLE log (
            job INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            at INTEGER NOT NULL,
            level INTEGER NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (job, sequence)
        ) STRICT, WITHOUT ROWID
        CREATE TABLE log_size (
            job INTEGER PRIMARY KEY,
            kept INTEGER NOT NULL,
            dropped INTEGER NOT NULL
        ) STRICT
        CREATE TABLE request (
            number INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            submitted INTEGER,
            request TEXT,
            outcome TEXT
        ) STRICT
        CREATE INDEX request_open ON request (number) WHERE outcome IS NULL
        CREATE TABLE lane (
            name TEXT PRIMARY KEY,
            slots INTEGER NOT NULL,
            closed_until INTEGER,
            reason TEXT NOT NULL
        , slots_by TEXT, pause TEXT) STRICT, WITHOUT ROWID
        CREATE TABLE engine (
            epoch INTEGER PRIMARY KEY,
            process INTEGER NOT NULL,
            machine TEXT NOT NULL,
            boot_id TEXT NOT NULL,
            since INTEGER NOT NULL
        , left_at INTEGER, process_start INTEGER) STRICT
        CREATE TABLE counter (
            state INTEGER PRIMARY KEY,
            jobs INTEGER NOT NULL CHECK (jobs >= 0)
        , roots INTEGER NOT NULL DEFAULT 0) STRICT
        CREATE TABLE sequence (
            name TEXT PRIMARY KEY,
            value INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        CREATE TRIGGER sequence_only_grows BEFORE UPDATE ON sequence
        WHEN NEW.value < OLD.value
        BEGIN
            SELECT RAISE(FAIL, 'numbers are never given again');
        END
        CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            user TEXT NOT NULL,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            reason TEXT NOT NULL,
            before TEXT NOT NULL,
            after TEXT NOT NULL,
            outcome TEXT NOT NULL
        , account TEXT NOT NULL DEFAULT '', origin TEXT NOT NULL DEFAULT '', \
        digest TEXT NOT NULL DEFAULT '') STRICT
        CREATE INDEX audit_subject ON audit (subject)
        CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
        BEGIN
            SELECT RAISE(FAIL, 'the audit is never changed');
        END
        CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
        WHEN NOT EXISTS (SELECT 1 FROM maintenance)
        BEGIN
            SELECT RAISE(FAIL, 'the audit is never changed');
        END
        CREATE TABLE schedule (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            target_type TEXT NOT NULL,
            target_name TEXT NOT NULL,
            parameters TEXT,
            priority INTEGER NOT NULL,
            user TEXT NOT NULL,
            account TEXT NOT NULL,
            cron TEXT,
            every INTEGER,
            anchor INTEGER,
            zone TEXT NOT NULL,
            dst TEXT NOT NULL,
            overlap TEXT NOT NULL,
            missed TEXT NOT NULL,
            is_enabled INTEGER NOT NULL,
            starts_at INTEGER,
            ends_at INTEGER,
            note TEXT NOT NULL,
            revision INTEGER NOT NULL,
            next_at INTEGER,
            last_due INTEGER,
            run_count INTEGER NOT NULL,
            made_count INTEGER NOT NULL,
            skipped_count INTEGER NOT NULL,
            missed_count INTEGER NOT NULL,
            refused_count INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            CHECK ((cron IS NULL) <> (every IS NULL)),
            CHECK (is_enabled = 1 OR next_at IS NULL)
        ) STRICT
        CREATE UNIQUE INDEX schedule_name ON schedule (name)
        CREATE INDEX schedule_next ON schedule (next_at) WHERE next_at IS NOT NULL
        CREATE TABLE schedule_run (
            schedule INTEGER NOT NULL,
            number INTEGER NOT NULL,
            due INTEGER NOT NULL,
            at INTEGER NOT NULL,
            is_manual INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            job INTEGER,
            ended INTEGER,
            count INTEGER NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (schedule, number),
            CHECK ((job IS NULL) = (outcome <> 'made'))
        ) STRICT, WITHOUT ROWID
        CREATE UNIQUE INDEX schedule_run_due ON schedule_run (schedule, due)
            WHERE is_manual = 0
        CREATE INDEX schedule_run_open ON schedule_run (job)
            WHERE job IS NOT NULL AND ended IS NULL
        CREATE INDEX schedule_run_unfinished ON schedule_run (schedule, number)
            WHERE outcome = 'waiting' OR (outcome = 'made' AND ended IS NULL)
        CREATE TABLE joinable (
            signature INTEGER NOT NULL,
            job INTEGER NOT NULL,
            PRIMARY KEY (signature, job)
        ) STRICT, WITHOUT ROWID
        CREATE INDEX job_queue ON job (queue, rank, id)
            WHERE state = 1 AND is_planned = 1 AND wake_at IS NULL
        CREATE INDEX lane_held ON lane (name)
            WHERE pause IS NOT NULL OR closed_until IS NOT NULL
        CREATE TABLE drain (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            pause TEXT NOT NULL
        ) STRICT
        CREATE TABLE deadline (
            job INTEGER PRIMARY KEY,
            at INTEGER NOT NULL
        ) STRICT
        CREATE INDEX deadline_at ON deadline (at, job)
        CREATE TABLE late (
            job INTEGER NOT NULL,
            operation TEXT NOT NULL,
            outcome TEXT NOT NULL,
            at INTEGER NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (job, operation, outcome)
        ) STRICT, WITHOUT ROWID
        CREATE TABLE pin (
            job INTEGER PRIMARY KEY,
            root INTEGER NOT NULL,
            by TEXT NOT NULL,
            at INTEGER NOT NULL,
            reason TEXT NOT NULL
        ) STRICT
        CREATE INDEX pin_root ON pin (root)
        CREATE TABLE archived_counter (
            state INTEGER PRIMARY KEY,
            jobs INTEGER NOT NULL CHECK (jobs >= 0)
        ) STRICT
        CREATE TABLE archived_job (
            id INTEGER,
            uuid TEXT NOT NULL,
            parent_id INTEGER,
            of_step INTEGER,
            root_id INTEGER NOT NULL,
            kind TEXT NOT NULL,
            target_type TEXT NOT NULL,
            target_name TEXT NOT NULL,
            user TEXT NOT NULL,
            account TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            retry_of INTEGER,
            created_at INTEGER NOT NULL,
            key TEXT,
            weight INTEGER NOT NULL,
            state INTEGER NOT NULL,
            progress INTEGER NOT NULL,
            waiting_reason TEXT,
            waiting_on TEXT,
            waiting_since INTEGER,
            cause TEXT,
            rollback TEXT,
            backend TEXT,
            code_domain TEXT,
            code_number INTEGER,
            code_name TEXT,
            message TEXT NOT NULL,
            priority INTEGER NOT NULL,
            lane TEXT NOT NULL,
            fence INTEGER NOT NULL,
            due_at INTEGER,
            started_at INTEGER,
            finished_at INTEGER,
            updated_at INTEGER NOT NULL,
            stop_level TEXT,
            stop_by TEXT,
            stop_at INTEGER,
            stop_reason TEXT,
            child_count INTEGER NOT NULL,
            parameters TEXT,
            is_planned INTEGER NOT NULL,
            current_step INTEGER NOT NULL,
            wake_at INTEGER,
            children_made INTEGER NOT NULL,
            children_unfinished INTEGER NOT NULL,
            children_active INTEGER NOT NULL,
            children_failed INTEGER NOT NULL,
            children_progress INTEGER NOT NULL,
            prerequisites INTEGER NOT NULL,
            lock_wait INTEGER,
            rollback_policy TEXT,
            has_warning INTEGER NOT NULL,
            probes INTEGER NOT NULL,
            resume_at INTEGER,
            results TEXT,
            undo_failures INTEGER NOT NULL,
            extra TEXT,
            schedule TEXT,
            queue TEXT,
            rank INTEGER,
            archived_at INTEGER NOT NULL, attention INTEGER,
            PRIMARY KEY (id)
        ) STRICT
        CREATE TABLE archived_step (
            job INTEGER,
            number INTEGER,
            name TEXT NOT NULL,
            verb TEXT,
            subject TEXT,
            planned_lane TEXT,
            parameters TEXT,
            children TEXT,
            undo_verb TEXT,
            undo_subject TEXT,
            undo_lane TEXT,
            undo_parameters TEXT,
            weight INTEGER NOT NULL,
            flags INTEGER NOT NULL,
            retry_attempts INTEGER,
            retry_base INTEGER,
            retry_limit INTEGER,
            retry_from INTEGER,
            stall_after INTEGER,
            state INTEGER NOT NULL,
            undo INTEGER NOT NULL,
            operation TEXT NOT NULL,
            lane TEXT NOT NULL,
            fence INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            undo_attempts INTEGER NOT NULL,
            progress INTEGER NOT NULL,
            message TEXT NOT NULL,
            code_domain TEXT,
            code_number INTEGER,
            code_name TEXT,
            started_at INTEGER,
            finished_at INTEGER,
            slots INTEGER,
            limits TEXT,
            taken INTEGER,
            held TEXT,
            details TEXT,
            time_limit INTEGER,
            PRIMARY KEY (job, number)
        ) STRICT, WITHOUT ROWID
        CREATE TABLE archived_result (
            job INTEGER,
            json TEXT NOT NULL,
            PRIMARY KEY (job)
        ) STRICT
        CREATE TABLE archived_dependency (
            prerequisite INTEGER,
            job INTEGER,
            PRIMARY KEY (prerequisite, job)
        ) STRICT, WITHOUT ROWID
        CREATE TABLE archived_journal (
            sequence INTEGER,
            job INTEGER NOT NULL,
            at INTEGER NOT NULL,
            from_state INTEGER,
            to_state INTEGER NOT NULL,
            actor TEXT NOT NULL,
            cause TEXT NOT NULL,
            PRIMARY KEY (sequence)
        ) STRICT
        CREATE TABLE archived_log (
            job INTEGER,
            sequence INTEGER,
            at INTEGER NOT NULL,
            level INTEGER NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (job, sequence)
        ) STRICT, WITHOUT ROWID
        CREATE TABLE archived_log_size (
            job INTEGER,
            kept INTEGER NOT NULL,
            dropped INTEGER NOT NULL,
            PRIMARY KEY (job)
        ) STRICT
        CREATE TABLE archived_late (
            job INTEGER,
            operation TEXT,
            outcome TEXT,
            at INTEGER NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (job, operation, outcome)
        ) STRICT, WITHOUT ROWID
        CREATE UNIQUE INDEX archived_job_uuid ON archived_job (uuid)
        CREATE INDEX archived_job_key ON archived_job (key) WHERE key IS NOT NULL
        CREATE INDEX archived_job_state ON archived_job (state)
        CREATE INDEX archived_job_parent ON archived_job (parent_id)
            WHERE parent_id IS NOT NULL
        CREATE INDEX archived_job_age ON archived_job (archived_at) WHERE parent_id IS NULL
        CREATE INDEX archived_dependency_job ON archived_dependency (job)
        CREATE INDEX archived_journal_job ON archived_journal (job)
        CREATE INDEX job_unacknowledged ON job (id) WHERE attention = 1
        CREATE TABLE audit_anchor (
            sequence INTEGER NOT NULL,
            digest TEXT NOT NULL
        ) STRICT
        CREATE TABLE role (
            who TEXT PRIMARY KEY,
            role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
            accounts TEXT
        ) STRICT, WITHOUT ROWID
        CREATE TABLE rate (
            name TEXT PRIMARY KEY,
            begins TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        CREATE INDEX job_internal ON job (state)
            WHERE kind IN ('host.scan', 'inventory.sync') AND attention IS NULL
                AND (schedule IS NOT NULL OR parent_id IS NOT NULL)
        """
}
