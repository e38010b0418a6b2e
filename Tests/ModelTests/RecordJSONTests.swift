import Model
import Testing

@Suite("Everything else as JSON")
struct RecordJSONTests {
    static let boot = Step(
        "Boot web-1",
        .operation(
            Operation("vm.boot", on: "vm/web-1", lane: "vm/web-1", parameters: ["apiKey": "x"])
        ),
        undo: Operation("vm.halt", on: "vm/web-1"),
        weight: 3,
        retry: .never
    )

    static let bootText =
        #""work":{"operation":{"verb":"vm.boot","subject":"vm/web-1","lane":"vm/web-1","#
        + #""parameters":{"apiKey":"********"}}},"#

    static let undoText =
        #"{"verb":"vm.halt","subject":"vm/web-1","lane":"control","parameters":{}}"#

    static let limitsText =
        #""weight":3,"slots":1,"limits":[],"interruptible":true,"#
        + #""pointOfNoReturn":false,"endAction":false,"#
        + #""retry":{"attempts":1,"baseMilliseconds":0,"limitMilliseconds":0},"#
        + #""stallAfterMilliseconds":120000,"timeLimitMilliseconds":null,"#
        + #""commit":null,"snapshot":null"#

    @Test("says a step with its history")
    func step() {
        var record = StepRecord(index: 2, step: Self.boot)
        record.state = .running
        record.operation = "op-9"
        record.fence = 91
        record.attempts = 1
        record.progress = 40
        record.startedAt = Samples.start
        let expected =
            #"{"index":2,"name":"Boot web-1","state":"running","undo":"none","progress":40,"#
            + #""operation":"op-9","lane":null,"fence":91,"attempts":1,"undoAttempts":0,"#
            + #""message":"","code":null,"startedAt":"2026-11-22T15:41:20.000Z","#
            + #""finishedAt":null,"# + Self.bootText + Self.limitsText + #","undoOperation":"#
            + Self.undoText + #","saved":null}"#
        #expect(RecordJSON.object(record).text == expected)
    }

    @Test("says a plan for a dry run")
    func plan() {
        let children = Children([
            ChildSpec("vm.start", Target("web-2"), parameters: ["secret": "x"], weight: 2)
        ])
        let plan = Plan(
            summary: "Start",
            steps: [Self.boot, Step("Others", .children(children), retry: .never)],
            locks: [.exclusive("vm/web-1")],
            lockPolicy: .waitAtMost(90_000)
        )
        let expected =
            #"{"summary":"Start","steps":[{"name":"Boot web-1","# + Self.bootText
            + #""undo":"# + Self.undoText + "," + Self.limitsText
            + #"},{"name":"Others","work":{"children":{"jobs":[{"kind":"vm.start","#
            + #""target":"vm/web-2","parameters":{"secret":"********"},"weight":2,"#
            + #""onStop":"cascade","undo":null}],"#
            + #""concurrency":null,"onFailure":"fail"}},"undo":null,"#
            + Self.limitsText.replacing("3", with: "1", maxReplacements: 1)
            + #"}],"locks":[{"resource":"vm/web-1","mode":"exclusive"}],"#
            + #""lockPolicy":"waitAtMost 1m30s","rollbackPolicy":"automatic","onCrash":"adopt","#
            + #""limits":{"queue":null,"start":null,"step":null,"total":null}}"#
        #expect(RecordJSON.object(plan).text == expected)
    }

    @Test("says lines of the journal and of logs")
    func lines() {
        let entry = JournalEntry(
            sequence: 4,
            job: JobID(12),
            at: Samples.start,
            from: nil,
            to: .pending,
            actor: "alice",
            cause: "the job is accepted"
        )
        #expect(
            RecordJSON.object(entry).text
                == #"{"sequence":4,"job":12,"at":"2026-11-22T15:41:20.000Z","from":null,"#
                + #""to":"pending","actor":"alice","cause":"the job is accepted"}"#
        )
        let line = LogLine(
            sequence: 9,
            job: JobID(12),
            at: Samples.start,
            level: .error,
            text: "login failed, password=hunter2"
        )
        #expect(
            RecordJSON.object(line).text
                == #"{"sequence":9,"job":12,"at":"2026-11-22T15:41:20.000Z","level":"error","#
                + #""text":"login failed, password=********"}"#
        )
    }

    @Test("says tickets with who stands before them")
    func lock() {
        let ticket = Ticket(
            number: 3,
            resource: "vm/web-1",
            job: JobID(12),
            scope: 0,
            mode: .exclusive,
            isGranted: false,
            since: Samples.start
        )
        let line = LockLine(ticket: ticket, kind: "vm.start", behind: [JobID(7), JobID(9)])
        #expect(
            RecordJSON.object(line).text
                == #"{"resource":"vm/web-1","job":12,"kind":"vm.start","mode":"exclusive","#
                + #""granted":false,"ticket":3,"scope":0,"since":"2026-11-22T15:41:20.000Z","#
                + #""behind":[7,9]}"#
        )
    }

    @Test("says lanes, hosts, VMs and engines")
    func places() {
        let lane = LaneLine(name: "host/a", slots: 4, used: 2, queued: 1)
        let laneText =
            #"{"name":"host/a","slots":4,"used":2,"queued":1,"closedUntil":null,"reason":null,"#
            + #""slotsBy":null,"paused":null,"limits":[]}"#
        #expect(RecordJSON.object(lane).text == laneText)
        let host = HostLine(
            name: "a",
            cluster: "c",
            state: "up",
            cpus: 8,
            memory: 64,
            usedMemory: 32,
            vms: 2,
            lane: lane
        )
        #expect(
            RecordJSON.object(host).text
                == #"{"name":"a","cluster":"c","state":"up","cpus":8,"memory":64,"usedMemory":32,"#
                + #""vms":2,"lane":"# + laneText + "}"
        )
        let machine = VMLine(
            name: "web-1",
            state: "stopped",
            host: "",
            cluster: "c",
            cpus: 2,
            memory: 4,
            disks: 1,
            account: "dev",
            job: JobID(12)
        )
        #expect(
            RecordJSON.object(machine).text
                == #"{"name":"web-1","state":"stopped","host":null,"cluster":"c","cpus":2,"#
                + #""memory":4,"disks":1,"account":"dev","job":12}"#
        )
        let engine = EngineLine(
            epoch: 3,
            process: 77,
            machine: "m",
            since: Samples.start,
            isAlive: true
        )
        #expect(
            RecordJSON.object(engine).text
                == #"{"epoch":3,"process":77,"machine":"m","#
                + #""since":"2026-11-22T15:41:20.000Z","alive":true,"#
                + #""heartbeatAgeMilliseconds":null,"elsewhere":false,"standbys":[]}"#
        )
    }

    @Test("counts every state, also those without jobs")
    func counts() {
        var counts = Counts()
        counts[.lost] = 2
        let members = RecordJSON.object(counts).members
        #expect(members.map(\.key) == JobState.allCases.map(\.rawValue) + ["total"])
        #expect(members[9].value == JSONValue(2))
        #expect(members[14].value == JSONValue(2))
    }
}
