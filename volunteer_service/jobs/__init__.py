"""Scheduled jobs: the table of jobs, and the one process that runs them."""

from volunteer_service.jobs.doctor import doctor
from volunteer_service.jobs.work import JOBS, Job, UnknownJob, run_job

__all__ = ["JOBS", "Job", "UnknownJob", "doctor", "run_job"]
