import Model
import Testing

@Suite("Filters and jobs")
struct FilterMatchTests {
    /// job-12, vm.start on vm/web-1 for alice, running since a minute, waits for nothing.
    static let job = Samples.job { job in
        job.priority = 3
        job.progress = 40
        job.message = "Boot web-1: no CAPACITY on kvm-a01"
        job.startedAt = Samples.start + 10_000
    }

    static let now = Samples.start + 70_000

    @Test(
        "fit",
        arguments: [
            "", "state:running", "state:failed,running", "-state:failed", "kind:vm.start",
            "kind:VM.*",
            "kind:*start", "kind:v*.*t", "target:web-1", "target:vm/web-1", "target:WEB-*",
            "user:ALICE",
            "account:dev", "host:kvm-a01", "lane:host/*", "message:*capacity*", "cause:none",
            "rollback:notneeded", "backend:none", "waiting:\"\"", "id:12", "job-12", "parent:0",
            "is:root", "root:12", "priority>2", "priority>=3", "progress<50", "progress:40",
            "attempt:1",
            "age>1m", "age:70s", "duration:1m", "duration<=60s", "is:active", "is:unfinished",
            "web", "VM/WEB", "alice", "capacity", "kvm-a0", "\"job-1\"", "\"no cap\"",
            "state:failed or web",
            "web alice", "uuid:6f9619ff*", JobTests.uuid, "-nothing", "w*1", "user!=bob",
        ]
    )
    func fits(text: String) throws {
        #expect(try FilterParser.parse(text).matches(Self.job, at: Self.now))
    }

    @Test(
        "do not fit",
        arguments: [
            "-*", "state:failed", "-state:running", "kind:vm", "kind:start", "kind:vm.start?",
            "target:web", "target:*/web-2", "user:ali", "account:alice", "host:kvm",
            "message:capacity",
            "waiting:*k", "id:1", "parent:12", "is:child", "priority>3", "progress>40", "age<70s",
            "age>70s", "duration>1m", "is:finished", "is:stuck", "is:waiting", "is:failed",
            "is:attention", "\"web alice\"", "web bob", "-web", "dev", "state:failed or bob", "w*2",
            "job-1200", "6f9619ff",
        ]
    )
    func doesNotFit(text: String) throws {
        #expect(try !FilterParser.parse(text).matches(Self.job, at: Self.now))
    }

    @Test(
        "call stuck what does not get on by itself",
        arguments: [
            (JobState.lost, nil, 0, true), (.needsOperator, nil, 0, true),
            (.queued, .unreachable, 0, true), (.queued, .pausedLane, 0, true),
            (.pending, .lock, 300_000, false), (.pending, .lock, 300_001, true),
            (.queued, .lane, 900_000, false), (.failed, nil, 0, false),
        ] as [(JobState, Waiting.Reason?, Int64, Bool)]
    )
    func stuck(state: JobState, reason: Waiting.Reason?, age: Int64, isStuck: Bool) {
        let job = Samples.job(state) { job in
            job.waiting = reason.map { Waiting($0, since: Samples.start) }
        }
        #expect(FilterWord.stuck.filter.matches(job, at: Samples.start + age) == isStuck)
    }

    @Test("sort every state into groups", arguments: JobState.allCases)
    func groups(state: JobState) {
        let job = Samples.job(state)
        let fits: (FilterWord) -> Bool = { $0.filter.matches(job, at: Self.now) }
        #expect(fits(.active) == state.isActive)
        #expect(fits(.finished) == state.isTerminal)
        #expect(fits(.unfinished) == !state.isTerminal)
        #expect(fits(.attention) == state.needsAttention)
        #expect(fits(.waiting) == [.pending, .queued, .childQueued].contains(state))
        #expect(fits(.failed) == (state == .failed))
    }

    @Test("take what a job does not have as nothing: 0 or the empty text")
    func absent() throws {
        let job = Samples.job(.pending) { $0.lane = "" }
        for text in ["duration:0s", "parent<1", "lane:\"\"", "message:\"\"", "waiting:\"\""] {
            #expect(try FilterParser.parse(text).matches(job, at: Self.now), "\(text)")
            #expect(try !FilterParser.parse("-" + text).matches(job, at: Self.now), "-\(text)")
        }
    }

    @Test(
        "know one wildcard, and no other sign has a meaning",
        arguments: [
            ("abc", "a*c", true), ("ac", "a*c", true), ("abcd", "a*c", false), ("", "*", true),
            ("", "", true), ("a", "", false), ("a.b", "a?b", false), ("a%b", "a%b", true),
            ("axb", "a_b", false), ("aab", "*ab", true), ("mississippi", "m*iss*p*", true),
            ("mississippi", "*issip*i", true), ("abab", "*aba", false), ("É", "é", false),
            ("ABC", "abc", true), ("[", "{", false), ("@", "`", false), ("x", "**x**", true),
        ]
    )
    func patterns(text: String, pattern: String, fits: Bool) {
        #expect(TextPattern.fits(text, pattern) == fits)
    }

    @Test("find long patterns without end in bounded time")
    func boundedPattern() {
        let text = String(repeating: "a", count: 2000)
        #expect(!TextPattern.fits(text, String(repeating: "*a", count: 200) + "*b"))
    }
}
