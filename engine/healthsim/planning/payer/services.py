"""Kinds of services, as benefits tell them apart, in the order of every axis of services."""

from typing import get_args

from healthsim.spec.insurance import Service

SERVICES: tuple[Service, ...] = get_args(Service)
