(()=>{const t=location.hash.slice(1),e=document.getElementById("code");!t||!e||(history.replaceState(null,"",location.pathname),e.value=t,e.form.submit())})();
