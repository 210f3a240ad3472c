"""The address of the audit log."""

from django.urls import path

from hotdash.pages.audit_log import views

app_name = "audit_log"
urlpatterns = [path("", views.index, name="index")]
