package import Model

/// Something the program is to do for the console.
package enum Effect: Hashable, Sendable {
    /// Read this, now and whenever the store changes, and post what was found; replaces what was
    /// wanted before. To be done in the background.
    case watch(Watch)
    /// Write a request for the engine and post its ``ActionResult``.
    case perform(OperatorRequest, RequestID)
    /// Submit a job and post its ``ActionResult``.
    case submit(Submission, RequestID)
    /// Find out what stopping a job would do and post the ``StopPreview``.
    case previewStop(JobID)
    /// The operator chose a theme: remember it.
    case setTheme(String)
    /// Hand the terminal back and pause the process.
    case suspend
    /// Draw everything anew.
    case redraw
    /// Put a text on the clipboard.
    case copy(String)
    /// Leave the console.
    case quit(QuitChoice)
    /// Ring the bell.
    case bell
}

/// What becomes of unfinished jobs when the console is left.
package enum QuitChoice: Hashable, Sendable {
    /// Nothing: another engine, or the next start, goes on with them.
    case leaveRunning
    /// Cancel the unfinished jobs that this user submitted, then leave.
    case cancelMineAndQuit
}

/// Everything the console wants to know at the moment.
package struct Watch: Hashable, Sendable {
    /// The part of the list of jobs around what is visible.
    package var jobs: JobQuery
    /// The job in the detail pane, or about to be acted on.
    package var detail: DetailWatch?
    /// The lists that are visible.
    package var lists: Set<ListName>

    /// A wish with all its parts.
    package init(jobs: JobQuery, detail: DetailWatch? = nil, lists: Set<ListName> = []) {
        self.jobs = jobs
        self.detail = detail
        self.lists = lists
    }
}

/// A job about which more than its row is wanted.
package struct DetailWatch: Hashable, Sendable {
    /// Which job.
    package var job: JobID
    /// Which parts of ``Model/JobDetail`` are on the screen; the others may be left empty.
    package var parts: Set<DetailPart>
    /// How many of the newest lines of its log.
    package var logLimit: Int

    /// A wish with all its parts.
    package init(job: JobID, parts: Set<DetailPart>, logLimit: Int) {
        self.job = job
        self.parts = parts
        self.logLimit = logLimit
    }
}

/// A part of what is known about a job.
package enum DetailPart: String, CaseIterable, Sendable {
    case steps, journal, log, tree, tickets
}

/// A list besides that of the jobs.
package enum ListName: String, CaseIterable, Sendable {
    case vms, hosts, locks
}
